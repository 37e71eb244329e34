package search

// builder turns texts into postings. Each distinct word is analysed once.
type builder struct {
	an    *analyzer
	mem   *memory
	known map[string]*wordTerms

	count   []float32 // per term, in the text at hand
	touched []uint32
	slab    []posting // where lists of one posting lie: most terms occur once
}

// slabSize is the number of postings that are allocated at once.
const slabSize = 4096

// wordTerms are the terms of one word.
type wordTerms struct {
	always   []uint32 // the word and its grams
	content  []uint32 // stem and parts; empty for stop words
	stem     uint32
	stemText string
	stop     bool
}

func newBuilder(an *analyzer) *builder {
	return &builder{an: an, mem: &memory{ids: map[string]uint32{}, pairs: map[stemPair]uint32{}}, known: map[string]*wordTerms{}}
}

func (b *builder) id(k kind, text string) uint32 {
	key := string(byte(k)) + text
	id, ok := b.mem.ids[key]
	if !ok {
		id = b.add(key)
		b.mem.ids[key] = id
	}
	return id
}

// pairID is id for two neighbouring stems.
func (b *builder) pairID(first, second *wordTerms) uint32 {
	at := pairOf(first.stem, second.stem)
	id, ok := b.mem.pairs[at]
	if !ok {
		id = b.add(string(byte(pair)) + first.stemText + pairGap + second.stemText)
		b.mem.pairs[at] = id
	}
	return id
}

// add makes a term.
func (b *builder) add(key string) uint32 {
	b.mem.keys = append(b.mem.keys, key)
	b.mem.lists = append(b.mem.lists, postings{})
	b.count = append(b.count, 0)
	return uint32(len(b.mem.keys) - 1)
}

// post adds a posting to a list.
func (b *builder) post(list *[]posting, p posting) {
	if len(*list) > 0 {
		*list = append(*list, p)
		return
	}
	if len(b.slab) == cap(b.slab) {
		b.slab = make([]posting, 0, slabSize)
	}
	n := len(b.slab)
	b.slab = append(b.slab, p)
	*list = b.slab[n : n+1 : n+1]
}

func (b *builder) word(w string) *wordTerms {
	if t, ok := b.known[w]; ok {
		return t
	}
	t := &wordTerms{stop: stopWord(b.an.lang, w)}
	t.always = append(t.always, b.id(word, w))
	for _, g := range grams(w) {
		t.always = append(t.always, b.id(gram, g))
	}
	if !t.stop {
		t.stemText = stemOf(b.an.lang, w)
		t.stem = b.id(stem, t.stemText)
		t.content = append(t.content, t.stem, b.id(part, t.stemText))
		for _, p := range b.an.split(w) {
			t.content = append(t.content, b.id(part, stemOf(b.an.lang, p)))
		}
	}
	b.known[w] = t
	return t
}

// put adds a text to a field of a document and returns the number of its terms
// of each kind.
func (b *builder) put(f field, doc uint32, text string) [len(kinds)]float32 {
	b.touched = b.touched[:0]
	add := func(id uint32) {
		if b.count[id] == 0 {
			b.touched = append(b.touched, id)
		}
		b.count[id]++
	}
	var prev *wordTerms
	for _, w := range words(text) {
		t := b.word(w)
		for _, id := range t.always {
			add(id)
		}
		if t.stop {
			continue
		}
		for _, id := range t.content {
			add(id)
		}
		if prev != nil {
			add(b.pairID(prev, t))
		}
		prev = t
	}
	var n [len(kinds)]float32
	for _, id := range b.touched {
		c := b.count[id]
		b.count[id] = 0
		n[kindNo(kind(b.mem.keys[id][0]))] += c
		b.post(&b.mem.lists[id][f], posting{doc, c})
	}
	return n
}
