package privacy

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestKeys(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kcc.key")
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	if _, err := LoadKeys(path); !errors.Is(err, ErrNoKey) {
		t.Fatalf("no file: %v", err)
	}
	k, err := EnsureKeys(path, now)
	if err != nil {
		t.Fatal(err)
	}
	if st, _ := os.Stat(path); st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", st.Mode().Perm())
	}
	ref := k.Reference(Phone, "06-12345678")
	if ref != k.Reference(Phone, "+31 6 1234 5678") || ref != k.Reference(Phone, "+31 (0)6 12345678") || ref == k.Reference(Email, "0612345678") {
		t.Error("one number in other words has another reference, or a kind does not count")
	}
	if !strings.HasPrefix(ref, "k1:") || strings.Contains(ref, "1234") && len(ref) != 3+32 {
		t.Errorf("reference %q", ref)
	}
	id, body, err := k.Seal("callback: 06-12345678")
	if err != nil || strings.Contains(string(body), "12345678") {
		t.Fatalf("sealed text can be read (%v)", err)
	}
	k2, err := k.Rotate(now)
	if err != nil || k2.Current() != "k2" {
		t.Fatalf("rotate: %v", err)
	}
	if got, err := k2.Open(id, body); err != nil || got != "callback: 06-12345678" {
		t.Errorf("after rotation: %q, %v", got, err)
	}
	if refs := k2.References(Phone, "0612345678"); len(refs) != 2 || refs[1] != ref || !strings.HasPrefix(refs[0], "k2:") {
		t.Errorf("references after rotation: %v", refs)
	}
	body[len(body)-1] ^= 1
	if _, err := k2.Open(id, body); err == nil {
		t.Error("a changed text is opened")
	}
	if _, err := k2.Drop("k2"); err == nil {
		t.Error("the key in use is dropped")
	}
	k3, err := k2.Drop("k1")
	if err != nil || len(k3.Info()) != 1 {
		t.Fatalf("drop: %v", err)
	}
	if _, err := k3.Open(id, body); !errors.Is(err, ErrUnknownKey) {
		t.Errorf("opened without its key: %v", err)
	}
	os.Chmod(path, 0o644)
	if _, err := LoadKeys(path); err == nil {
		t.Error("a key file that others can read is used")
	}
}

func TestEnsureKeysAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kcc.key")
	refs := make([]string, 16)
	var wg sync.WaitGroup
	for i := range refs {
		wg.Go(func() {
			k, err := EnsureKeys(path, time.Now())
			if err != nil {
				t.Error(err)
				return
			}
			refs[i] = k.Reference(Email, "a@b.nl")
		})
	}
	wg.Wait()
	for _, r := range refs {
		if r != refs[0] {
			t.Fatalf("two keys were made: %s and %s", refs[0], r)
		}
	}
}

func TestIdentify(t *testing.T) {
	tests := []struct{ in, kind string }{
		{"06-12345678", Phone},
		{"+31 20 624 1111", Phone},
		{"(020) 6241111", Phone},
		{"Jan@Voorbeeld.NL", Email},
		{"bsn:111222333", BSN},
		{"K-2026-0042", Number},
		{"number: 0612345678", Number},
		{"12345", Number},
	}
	for _, tt := range tests {
		if kind, _, err := Identify(tt.in); err != nil || kind != tt.kind {
			t.Errorf("%q is a %s (%v), want %s", tt.in, kind, err, tt.kind)
		}
	}
	if _, _, err := Identify("bsn:123456789"); err == nil || strings.Contains(err.Error(), "123456789") {
		t.Errorf("a wrong BSN gives %v", err)
	}
}

func TestCreateFromNeverReplaces(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	if err := os.WriteFile(a, []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := createFrom(a, b); err != nil {
		t.Fatal(err)
	}
	if err := createFrom(a, b); !errors.Is(err, os.ErrExist) {
		t.Errorf("a file is replaced: %v", err)
	}
}
