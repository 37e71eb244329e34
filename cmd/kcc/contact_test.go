package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kcc/internal/ui"
)

// TestContactPrompt registers a contact by answering questions, as on a terminal.
func TestContactPrompt(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	run := func(in string, tty bool, args ...string) (int, string, string) {
		var out, errs bytes.Buffer
		app := &App{
			Streams: &ui.Streams{In: strings.NewReader(in), Out: &out, Err: &errs, InTTY: tty},
			Clock:   func() time.Time { return time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC) },
			Getenv:  func(k string) string { return map[string]string{"USER": "anna"}[k] },
		}
		defer app.close()
		status := app.execute(context.Background(), args, func() os.Signal { return nil })
		return status, out.String(), errs.String()
	}
	if status, _, errs := run("", false, "init"); status != 0 {
		t.Fatal(errs)
	}
	status, out, errs := run("phone\ncomplaint\nwaste\n06-12345678\n\n\ncontainer not emptied\npublic_space\n", true, "contact", "add")
	if status != 0 || !strings.Contains(out, "contact 1\nhand-off 1\n") {
		t.Fatalf("status %d, %q, %q", status, out, errs)
	}
	if !strings.Contains(errs, "channel (phone, ") || !strings.Contains(errs, "hand off to (civil_affairs, ") {
		t.Errorf("the questions do not tell the names: %q", errs)
	}
	if _, out, _ := run("", false, "contact", "show", "1", "--format", "csv"); !strings.Contains(out, ",phone,inbound,complaint,waste,") {
		t.Errorf("kept as %q", out)
	}
	// An answer that ends too soon registers nothing, and a script is not asked.
	if status, _, errs := run("phone\n", true, "contact", "add"); status != exitFailed || !strings.Contains(errs, "was not registered") {
		t.Errorf("status %d, %q", status, errs)
	}
	if status, _, _ := run("phone\n", false, "contact", "add"); status != exitUsage {
		t.Errorf("without a terminal: status %d, want %d", status, exitUsage)
	}
	if _, err := os.Stat(filepath.Join(dir, "kcc.key")); err != nil {
		t.Error(err)
	}
}
