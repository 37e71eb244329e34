// Package ui holds the streams of a command and its progress display. Results
// go to Out, everything else (progress, warnings, summaries) to Err.
package ui

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// Streams are the three streams of a command and what is known of them.
type Streams struct {
	In      io.Reader
	Out     io.Writer
	Err     io.Writer
	OutTTY  bool // Out is a terminal: colour is allowed
	ErrTTY  bool // Err is a terminal: progress is allowed
	InTTY   bool // In is a terminal: questions are allowed
	Width   int  // columns of the terminal, 0 when unknown
	Quiet   bool
	Verbose bool
	NoColor bool
}

// System returns the streams of the process.
func System() *Streams {
	s := &Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}
	s.InTTY = term.IsTerminal(int(os.Stdin.Fd()))
	s.OutTTY = term.IsTerminal(int(os.Stdout.Fd()))
	s.ErrTTY = term.IsTerminal(int(os.Stderr.Fd()))
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		s.Width = w
	}
	s.NoColor = os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb"
	return s
}

// Infof prints one line of news to Err unless the run is quiet.
func (s *Streams) Infof(format string, a ...any) {
	if !s.Quiet {
		fmt.Fprintf(s.Err, format+"\n", a...)
	}
}

// Warnf prints one warning to Err, also when the run is quiet.
func (s *Streams) Warnf(format string, a ...any) {
	fmt.Fprintf(s.Err, "warning: "+format+"\n", a...)
}

// Color reports whether Out may be coloured.
func (s *Streams) Color() bool { return s.OutTTY && !s.NoColor }

// progressDelay keeps the bar away from jobs that are done in a moment.
const progressDelay = time.Second

// Progress shows how far a long job is, on a terminal only and only after a
// second. All methods are safe on the zero value and for concurrent use.
type Progress struct {
	mu    sync.Mutex
	s     *Streams
	bar   *progressbar.ProgressBar
	text  string
	total int64
	start time.Time
}

// NewProgress starts a job of total steps; total 0 means unknown.
func (s *Streams) NewProgress(text string, total int64) *Progress {
	p := &Progress{text: text, total: total, start: time.Now()}
	if s.ErrTTY && !s.Quiet {
		p.s = s
	}
	return p
}

// Set shows that done of total steps are finished.
func (p *Progress) Set(done int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.s == nil {
		return
	}
	if p.bar == nil {
		if time.Since(p.start) < progressDelay {
			return
		}
		total := p.total
		if total == 0 {
			total = -1
		}
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(p.s.Err), progressbar.OptionSetDescription(p.text),
			progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false))
	}
	_ = p.bar.Set64(done)
}

// SetOf shows that done of total steps are finished, where the total was not
// known at the start or changes from part to part.
func (p *Progress) SetOf(done, total int64) {
	p.mu.Lock()
	if total != p.total {
		p.total = total
		if p.bar != nil && total > 0 {
			p.bar.ChangeMax64(total)
		}
	}
	p.mu.Unlock()
	p.Set(done)
}

// Describe changes the text of the bar.
func (p *Progress) Describe(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.text = text
	if p.bar != nil {
		p.bar.Describe(text)
	}
}

// Done clears the bar.
func (p *Progress) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
