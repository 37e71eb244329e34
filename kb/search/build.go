package search

// builder turns texts into postings. Each distinct word is analysed once. Pairs
// of stems, by far the most terms, are counted by a goroutine of their own.
type builder struct {
	an    *analyzer
	mem   *memory
	known map[string]*wordTerms

	terms counter
	pairs counter
	runs  chan run
	done  chan struct{}
}

// run is the content words of a text in their order.
type run struct {
	f     field
	doc   uint32
	words []*wordTerms
	n     *float32 // where the number of pairs goes
}

// runsAhead is how many texts the counting of pairs may lag behind.
const runsAhead = 256

// counter counts terms in the text at hand and adds them to a table.
type counter struct {
	to      *table
	count   []float32
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
	m := &memory{ids: map[string]uint32{}, pairIDs: map[stemPair]uint32{}}
	b := &builder{an: an, mem: m, known: map[string]*wordTerms{}, terms: counter{to: &m.terms}, pairs: counter{to: &m.pairs}, runs: make(chan run, runsAhead), done: make(chan struct{})}
	go b.countPairs()
	return b
}

// finish waits until all that was put is in the memory.
func (b *builder) finish() {
	close(b.runs)
	<-b.done
}

func (b *builder) id(k kind, text string) uint32 {
	key := string(byte(k)) + text
	id, ok := b.mem.ids[key]
	if !ok {
		id = b.terms.term(key)
		b.mem.ids[key] = id
	}
	return id
}

// countPairs adds the pairs of the texts that were put.
func (b *builder) countPairs() {
	defer close(b.done)
	for r := range b.runs {
		for i := 1; i < len(r.words); i++ {
			first, second := r.words[i-1], r.words[i]
			at := pairOf(first.stem, second.stem)
			id, ok := b.mem.pairIDs[at]
			if !ok {
				id = b.pairs.term(string(byte(pair)) + first.stemText + pairGap + second.stemText)
				b.mem.pairIDs[at] = id
			}
			b.pairs.add(id)
		}
		n := b.pairs.flush(r.f, r.doc)
		*r.n = n[kindNo(pair)]
	}
}

// term makes a term.
func (c *counter) term(key string) uint32 {
	c.to.keys = append(c.to.keys, key)
	c.to.lists = append(c.to.lists, postings{})
	c.count = append(c.count, 0)
	return uint32(len(c.to.keys) - 1)
}

func (c *counter) add(id uint32) {
	if c.count[id] == 0 {
		c.touched = append(c.touched, id)
	}
	c.count[id]++
}

// flush writes what was counted as postings of a document and returns the number
// of terms of each kind.
func (c *counter) flush(f field, doc uint32) (n [len(kinds)]float32) {
	for _, id := range c.touched {
		v := c.count[id]
		c.count[id] = 0
		n[kindNo(kind(c.to.keys[id][0]))] += v
		c.post(&c.to.lists[id][f], posting{doc, v})
	}
	c.touched = c.touched[:0]
	return n
}

// post adds a posting to a list.
func (c *counter) post(list *[]posting, p posting) {
	if len(*list) > 0 {
		*list = append(*list, p)
		return
	}
	if len(c.slab) == cap(c.slab) {
		c.slab = make([]posting, 0, slabSize)
	}
	n := len(c.slab)
	c.slab = append(c.slab, p)
	*list = c.slab[n : n+1 : n+1]
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

// put adds a text to a field of a document and writes the number of its terms of
// each kind to n; that of pairs is there when finish returns. Pairs of past
// questions are not looked for and left out.
func (b *builder) put(f field, doc uint32, text string, n *[len(kinds)]float32) {
	var content []*wordTerms
	for _, w := range words(text) {
		t := b.word(w)
		for _, id := range t.always {
			b.terms.add(id)
		}
		if t.stop {
			continue
		}
		for _, id := range t.content {
			b.terms.add(id)
		}
		content = append(content, t)
	}
	*n = b.terms.flush(f, doc)
	if f != question && len(content) > 1 {
		b.runs <- run{f, doc, content, &n[kindNo(pair)]}
	}
}
