package search

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"sort"
	"sync"
)

// An index at rest is a head, which every search reads whole, and numbered
// blocks of terms. A term is in the block of its hash, so that a search reads
// as many blocks as its question has terms. What changes afterwards is kept
// beside them as changes, which every search reads; the statistics (rarity,
// mean lengths) stay those of the head until the index is built anew.

// Blocks reads blocks of an index at rest by number.
type Blocks func(numbers []uint32) (map[uint32][]byte, error)

// blockSize is the size of a block aimed at, in bytes.
const blockSize = 4000

// headVersion changes with the layout of head, blocks and changes.
const headVersion = 3

// ErrLayout says that an index at rest has another layout than this version reads.
var ErrLayout = errors.New("search: the index has another layout")

// Encode returns the index at rest. It works for an index made by Build.
func (x *Index) Encode() (head []byte, blocks [][]byte) {
	m := x.source.(*memory)
	total := 0
	var keys []string
	var lists [][]byte
	for _, t := range []*table{&m.terms, &m.pairs} {
		for id, key := range t.keys {
			var data []byte
			for f := range t.lists[id] {
				data = appendList(data, t.lists[id][f])
			}
			e := appendText(make([]byte, 0, len(key)+len(data)+6), key)
			e = binary.AppendUvarint(e, uint64(len(data)))
			e = append(e, data...)
			keys, lists = append(keys, key), append(lists, e)
			total += len(e)
		}
	}
	blocks = make([][]byte, total/blockSize+1)
	for i, key := range keys {
		b := blockOf(key, len(blocks))
		blocks[b] = append(blocks[b], lists[i]...)
	}

	w := binary.AppendUvarint(nil, headVersion)
	w = appendText(w, string(x.lang))
	w = binary.AppendUvarint(w, uint64(len(blocks)))
	w = appendTexts(w, x.ids)
	w = binary.AppendUvarint(w, uint64(x.questions))
	w = appendText(w, string(x.asker))
	w = appendTexts(w, slices.Sorted(maps.Keys(x.common)))
	w = binary.AppendUvarint(w, uint64(len(x.linkTo)))
	for q := range x.questions {
		ls := x.links(uint32(q))
		w = binary.AppendUvarint(w, uint64(len(ls)))
		for _, a := range ls {
			w = binary.AppendUvarint(w, uint64(a))
		}
	}
	for f := range x.lengths {
		for k := range x.lengths[f] {
			w = binary.LittleEndian.AppendUint64(w, math.Float64bits(x.mean[f][k]))
			w = appendCounts(w, x.lengths[f][k])
		}
	}
	w = appendCounts(w, x.qlength)
	for _, v := range x.covered {
		w = appendFloats(w, v)
	}
	for _, v := range x.norms {
		w = appendFloats(w, v)
	}
	return appendText(w, string(x.an.words)), blocks
}

// blockOf returns the block of a term.
func blockOf(key string, blocks int) uint32 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // never fails
	return uint32(h.Sum64() % uint64(blocks))
}

// Open makes an index of what Encode returned and of the changes since.
func Open(head []byte, blocks Blocks, synonyms map[string][]string, changes []Change) (*Index, error) {
	r := &reader{b: head}
	if r.uvarint() != headVersion {
		return nil, ErrLayout
	}
	x := &Index{spare: &sync.Pool{}, lang: Lang(r.text())}
	s := &stored{read: blocks, blocks: int(r.uvarint())}
	x.source = s
	x.ids = r.texts()
	x.questions = r.count()
	x.asker = r.bytes()
	x.common = map[string]bool{}
	for _, key := range r.texts() {
		x.common[key] = true
	}
	x.statDocs, x.statQuestions = len(x.ids), x.questions
	x.linkTo = make([]uint32, 0, r.count())
	x.linkAt = append(make([]uint32, 0, x.questions+1), 0)
	for range x.questions {
		for n := r.count(); n > 0; n-- {
			a := uint32(r.uvarint())
			if int(a) >= len(x.ids) {
				return nil, ErrLayout
			}
			x.linkTo = append(x.linkTo, a)
		}
		x.linkAt = append(x.linkAt, uint32(len(x.linkTo)))
	}
	for f := range x.lengths {
		for k := range x.lengths[f] {
			x.mean[f][k] = math.Float64frombits(r.word())
			x.lengths[f][k] = r.counts()
		}
	}
	x.qlength = r.counts()
	for i := range x.covered {
		x.covered[i] = r.floats()
	}
	for i := range x.norms {
		x.norms[i] = r.floats()
	}
	x.an = newAnalyzer(x.lang, synonyms)
	x.an.words = partWords(r.text())
	if r.bad {
		return nil, ErrLayout
	}
	if err := x.apply(s, changes); err != nil {
		return nil, err
	}
	x.sumQuestionWords()
	return x, nil
}

// Reading returns the same index with another way to read its blocks, for one
// that Open made: an index outlives the transaction that it was opened in.
func (x *Index) Reading(blocks Blocks) *Index {
	s := *x.source.(*stored)
	s.read = blocks
	y := *x
	y.source = &s
	return &y
}

// stored is the source of an index at rest.
type stored struct {
	read    Blocks
	blocks  int
	changed []changedDoc
}

// changedDoc is a document that was changed after the index was made.
type changedDoc struct {
	question bool
	doc      uint32
	terms    []byte // as appendDoc makes them, without the head
}

func (s *stored) fetch(keys []string) (map[string]*postings, error) {
	want := make(map[string]*postings, len(keys))
	var numbers []uint32
	for _, k := range keys {
		if _, ok := want[k]; !ok {
			want[k] = nil
			numbers = append(numbers, blockOf(k, s.blocks))
		}
	}
	slices.Sort(numbers)
	data, err := s.read(slices.Compact(numbers))
	if err != nil {
		return nil, err
	}
	for _, b := range data {
		r := &reader{b: b}
		for !r.done() {
			key, list := r.bytes(), r.bytes()
			if p, ok := want[string(key)]; ok && p == nil {
				p = new(postings)
				lr := &reader{b: list}
				for f := range p {
					p[f] = lr.list()
				}
				want[string(key)] = p
			}
		}
		if r.bad {
			return nil, ErrLayout
		}
	}
	for _, c := range s.changed {
		r := &reader{b: c.terms}
		for !r.done() {
			key, f, n := r.bytes(), field(r.uvarint()), float32(r.uvarint())
			p, ok := want[string(key)]
			if !ok || f >= fields {
				continue
			}
			if p == nil {
				p = new(postings)
				want[string(key)] = p
			}
			p[f] = append(p[f], posting{c.doc, n})
		}
	}
	return want, nil
}

// Change is an article or a question that was changed after the index was
// made. Data is what DocumentChange or QuestionChange returned; empty means gone.
type Change struct {
	ID       string
	Question bool
	Data     []byte
}

// DocumentChange analyses a new or changed article for Open.
func (x *Index) DocumentChange(d Document) ([]byte, error) {
	texts := [2]string{d.Title, d.Body}
	var terms []byte
	var lengths [2][len(kinds)]float32
	for f, text := range texts {
		for _, t := range x.an.terms(text) {
			terms = appendTerm(terms, t, field(f))
			lengths[f][kindNo(kind(t.key[0]))] += t.n
		}
	}
	head, err := x.weigh(x.an.terms(d.Title), title, coverKinds[:])
	if err != nil {
		return nil, err
	}
	for _, l := range lengths {
		for _, n := range l {
			head = append(head, n)
		}
	}
	return append(appendFloats(nil, head), terms...), nil
}

// QuestionChange analyses a new or changed past question for Open.
func (x *Index) QuestionChange(q Question) ([]byte, error) {
	terms := x.an.terms(q.Text)
	head, err := x.weigh(terms, question, normKinds[:])
	if err != nil {
		return nil, err
	}
	var data []byte
	length := float32(0)
	for _, t := range terms {
		if !x.common[t.key] {
			data = appendTerm(data, t, question)
		}
		if kind(t.key[0]) == word {
			length += t.n
		}
	}
	out := appendFloats(nil, append(head, length))
	return append(appendTexts(out, q.Articles), data...), nil
}

// weigh sums the weights of the terms of each kind as finish does: plain for a
// title, as the length of a vector for a question.
func (x *Index) weigh(terms []term, f field, of []kind) ([]float32, error) {
	var keys []string
	for _, t := range terms {
		keys = append(keys, t.key)
	}
	lists, err := x.source.fetch(keys)
	if err != nil {
		return nil, err
	}
	q := &query{x: x, lists: lists}
	docs := x.statDocs
	if f == question {
		docs = x.statQuestions
	}
	out := make([]float32, len(of))
	for i, k := range of {
		sum := 0.0
		for _, t := range terms {
			if kind(t.key[0]) != k || f == question && x.common[t.key] {
				continue
			}
			_, with := q.list(t.key, f)
			v := idf(docs, with)
			if f == question {
				sum += v * v * float64(t.n)
			} else {
				sum += v
			}
		}
		if f == question {
			sum = math.Sqrt(sum)
		}
		out[i] = float32(sum)
	}
	return out, nil
}

// apply puts the changes behind the documents of the head.
func (x *Index) apply(s *stored, changes []Change) error {
	if len(changes) == 0 {
		return nil
	}
	x.goneDocs, x.goneQuestions = map[uint32]bool{}, map[uint32]bool{}
	docs, asked := numbered(x.ids), map[string]uint32{}
	for _, c := range changes {
		if c.Question {
			asked = numbered((&reader{b: x.asker}).texts())
			break
		}
	}
	for _, c := range changes {
		if c.Question {
			continue
		}
		old, had := docs[c.ID]
		if had {
			x.goneDocs[old] = true
		}
		if len(c.Data) == 0 {
			continue
		}
		r := &reader{b: c.Data}
		head := r.floats()
		if r.bad || len(head) != len(coverKinds)+2*len(kinds) {
			return ErrLayout
		}
		no := uint32(len(x.ids))
		x.ids = append(x.ids, c.ID)
		docs[c.ID] = no
		for i := range x.covered {
			x.covered[i] = append(x.covered[i], head[i])
		}
		for f := range x.lengths {
			for k := range x.lengths[f] {
				x.lengths[f][k] = append(x.lengths[f][k], head[len(coverKinds)+f*len(kinds)+k])
			}
		}
		s.changed = append(s.changed, changedDoc{doc: no, terms: r.b})
		if had { // past questions stay with the article
			for i, a := range x.linkTo {
				if a == old {
					x.linkTo[i] = no
				}
			}
		}
	}
	for _, c := range changes {
		if !c.Question {
			continue
		}
		if old, had := asked[c.ID]; had {
			x.goneQuestions[old] = true
		}
		if len(c.Data) == 0 {
			continue
		}
		r := &reader{b: c.Data}
		head, to := r.floats(), r.texts()
		if r.bad || len(head) != len(normKinds)+1 {
			return ErrLayout
		}
		no := uint32(x.questions)
		asked[c.ID] = no
		x.addLinks(Question{ID: c.ID, Articles: to}, docs)
		for i := range x.norms {
			x.norms[i] = append(x.norms[i], head[i])
		}
		x.qlength = append(x.qlength, head[len(normKinds)])
		s.changed = append(s.changed, changedDoc{question: true, doc: no, terms: r.b})
	}
	return nil
}

func numbered(ids []string) map[string]uint32 {
	out := make(map[string]uint32, len(ids))
	for i, id := range ids {
		out[id] = uint32(i)
	}
	return out
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendTexts(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = appendText(b, s)
	}
	return b
}

func appendTerm(b []byte, t term, f field) []byte {
	b = binary.AppendUvarint(appendText(b, t.key), uint64(f))
	return binary.AppendUvarint(b, uint64(t.n))
}

// appendCounts writes whole numbers.
func appendCounts(b []byte, v []float32) []byte {
	b = binary.AppendUvarint(b, uint64(len(v)))
	for _, n := range v {
		b = binary.AppendUvarint(b, uint64(n))
	}
	return b
}

func appendFloats(b []byte, v []float32) []byte {
	b = binary.AppendUvarint(b, uint64(len(v)))
	for _, n := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(n))
	}
	return b
}

// appendList writes postings: the distance to the next document, doubled, plus
// one when the term occurs more than once, and then how often.
func appendList(b []byte, list []posting) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	last := uint32(0)
	for _, p := range list {
		gap := uint64(p.doc-last) << 1
		last = p.doc
		if p.n == 1 {
			b = binary.AppendUvarint(b, gap)
		} else {
			b = binary.AppendUvarint(binary.AppendUvarint(b, gap|1), uint64(p.n))
		}
	}
	return b
}

// reader reads what the append functions wrote; bad is set at the first thing
// that does not fit.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) done() bool { return r.bad || len(r.b) == 0 }

func (r *reader) uvarint() uint64 {
	if len(r.b) > 0 && r.b[0] < 0x80 {
		v := r.b[0]
		r.b = r.b[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads a number of things that take a byte or more each, or none.
func (r *reader) count() int {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return 0
	}
	return int(n)
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.bad, r.b = true, nil
		return nil
	}
	v := r.b[:n:n]
	r.b = r.b[n:]
	return v
}

func (r *reader) bytes() []byte { return r.take(r.count()) }
func (r *reader) text() string  { return string(r.bytes()) }

// texts reads a list of texts; they share one piece of memory.
func (r *reader) texts() []string {
	out := make([]string, r.count())
	probe := *r
	for range out {
		probe.bytes()
	}
	if probe.bad {
		r.bad, r.b = true, nil
		return nil
	}
	all := string(r.b[:len(r.b)-len(probe.b)])
	at := 0
	for i := range out {
		before := len(r.b)
		n := r.count()
		at += before - len(r.b)
		out[i] = all[at : at+n]
		at += n
		r.take(n)
	}
	return out
}

func (r *reader) word() uint64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

func (r *reader) counts() []float32 {
	out := make([]float32, r.count())
	for i := range out {
		out[i] = float32(r.uvarint())
	}
	return out
}

func (r *reader) floats() []float32 {
	b := r.take(4 * r.count())
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out
}

func (r *reader) list() []posting {
	n := r.count()
	if n == 0 {
		return nil
	}
	out := make([]posting, n)
	last, b := uint32(0), r.b
	for i := range out {
		if len(b) > 1 && b[0] < 0x80 && b[0]&1 == 0 { // by far the most
			last += uint32(b[0] >> 1)
			out[i] = posting{last, 1}
			b = b[1:]
			continue
		}
		r.b = b
		g := r.uvarint()
		last += uint32(g >> 1)
		out[i] = posting{last, 1}
		if g&1 != 0 {
			out[i].n = float32(r.uvarint())
		}
		b = r.b
	}
	r.b = b
	return out
}

// Words returns the stems of a text's words of content, for finding out what
// is asked most. It is sorted and has each stem once.
func Words(lang Lang, text string) []string {
	var out []string
	for _, w := range words(text) {
		if !stopWord(lang, w) {
			out = append(out, stemOf(lang, w))
		}
	}
	sort.Strings(out)
	return slices.Compact(out)
}
