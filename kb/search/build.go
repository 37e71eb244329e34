package search

// builder turns texts into postings. Each distinct word is analysed once.
type builder struct {
	an    *analyzer
	mem   *memory
	known map[string]*wordTerms
	pairs map[[2]uint32]uint32

	count   []float32 // per term, in the text at hand
	touched []uint32
}

// wordTerms are the terms of one word.
type wordTerms struct {
	always   []uint32 // the word and its grams
	content  []uint32 // stem and parts; empty for stop words
	stem     uint32
	stemText string
	stop     bool
}

func newBuilder(an *analyzer) *builder {
	return &builder{an: an, mem: &memory{ids: map[string]uint32{}}, known: map[string]*wordTerms{}, pairs: map[[2]uint32]uint32{}}
}

func (b *builder) id(k kind, text string) uint32 {
	key := string(byte(k)) + text
	id, ok := b.mem.ids[key]
	if !ok {
		id = uint32(len(b.mem.keys))
		b.mem.ids[key] = id
		b.mem.keys = append(b.mem.keys, key)
		b.mem.lists = append(b.mem.lists, postings{})
		b.count = append(b.count, 0)
	}
	return id
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
			at := [2]uint32{prev.stem, t.stem}
			id, ok := b.pairs[at]
			if !ok {
				id = b.id(pair, prev.stemText+" "+t.stemText)
				b.pairs[at] = id
			}
			add(id)
		}
		prev = t
	}
	var n [len(kinds)]float32
	for _, id := range b.touched {
		c := b.count[id]
		b.count[id] = 0
		n[kindNo(kind(b.mem.keys[id][0]))] += c
		b.mem.lists[id][f] = append(b.mem.lists[id][f], posting{doc, c})
	}
	return n
}
