package privacy

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// Errors of the key file.
var (
	ErrNoKey      = errors.New("there is no key file")
	ErrUnknownKey = errors.New("the key is not in the key file")
)

// keyBytes is the size of a key: 256 bits.
const keyBytes = 32

// refBytes is how much of the HMAC a reference keeps: 128 bits, so that two of
// a thousand million customers never meet.
const refBytes = 16

// key is one line of the key file.
type key struct {
	id           string // k1, k2, ...
	made         string // 2026-11-22
	ref          []byte // for references
	seal         cipher.AEAD
	bytes        []byte
	inner, outer [sha256.BlockSize]byte // ref as HMAC uses it
}

// Keys are the keys of one key file; the last one is used for what is new. They
// are safe for concurrent use.
type Keys struct {
	path string
	list []key
}

const keyHeader = "# Key file of kcc. Whoever has it can find customers in the store and read sealed\n" +
	"# details; without it neither is possible. Keep a copy apart from the store.\n"

// LoadKeys reads the key file at path; ErrNoKey when there is none.
func LoadKeys(path string) (*Keys, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("key file %s: %w", path, ErrNoKey)
	}
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	if runtime.GOOS != "windows" {
		if st, err := os.Stat(path); err == nil && st.Mode().Perm()&0o077 != 0 {
			return nil, fmt.Errorf("key file %s can be read by others: make it private with chmod 600 %s", path, path)
		}
	}
	k := &Keys{path: path}
	for i, line := range strings.Split(string(text), "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		bad := fmt.Errorf("key file %s: line %d: want an id, a date and a key", path, i+1)
		if len(f) != 3 {
			return nil, bad
		}
		raw, err := base64.StdEncoding.DecodeString(f[2])
		if err != nil || len(raw) != keyBytes {
			return nil, bad
		}
		one, err := newKey(f[0], f[1], raw)
		if err != nil {
			return nil, bad
		}
		k.list = append(k.list, one)
	}
	if len(k.list) == 0 {
		return nil, fmt.Errorf("key file %s holds no key", path)
	}
	return k, nil
}

// newKey derives from one secret the keys of the two uses.
func newKey(id, made string, raw []byte) (key, error) {
	block, err := aes.NewCipher(derive(raw, "kcc seal 1"))
	if err != nil {
		return key{}, err
	}
	seal, err := cipher.NewGCM(block)
	ref := derive(raw, "kcc reference 1")
	k := key{id: id, made: made, ref: ref, seal: seal, bytes: raw}
	for i := range k.inner {
		k.inner[i], k.outer[i] = 0x36, 0x5c
	}
	for i, b := range ref { // shorter than a block
		k.inner[i] ^= b
		k.outer[i] ^= b
	}
	return k, err
}

func derive(secret []byte, use string) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(use))
	return h.Sum(nil)
}

// EnsureKeys reads the key file and makes it when there is none. Of several
// processes that do so at once, one makes it and the others use it.
func EnsureKeys(path string, now time.Time) (*Keys, error) {
	k, err := LoadKeys(path)
	if !errors.Is(err, ErrNoKey) {
		return k, err
	}
	raw := make([]byte, keyBytes)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	one, err := newKey("k1", now.Format(time.DateOnly), raw)
	if err != nil {
		return nil, err
	}
	tmp, err := writeTemp(path, []key{one})
	if err != nil {
		return nil, err
	}
	defer os.Remove(tmp)
	// A link fails when the file is there already, so nobody's key is lost. Where
	// there are no links (FAT), an exclusive create does the same, but for a moment
	// the file is there without its content.
	if err := os.Link(tmp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		if err := createFrom(tmp, path); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("key file: %w", err)
		}
	}
	return LoadKeys(path)
}

// createFrom copies a file to a place where there is none yet.
func createFrom(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

func writeTemp(path string, list []key) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return "", fmt.Errorf("key file: %w", err)
	}
	var b bytes.Buffer
	b.WriteString(keyHeader)
	for _, k := range list {
		fmt.Fprintf(&b, "%s %s %s\n", k.id, k.made, base64.StdEncoding.EncodeToString(k.bytes))
	}
	_, err = f.Write(b.Bytes())
	err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
		return "", fmt.Errorf("key file: %w", err)
	}
	return f.Name(), nil
}

// replace writes the key file with another list of keys.
func (k *Keys) replace(list []key) (*Keys, error) {
	tmp, err := writeTemp(k.path, list)
	if err != nil {
		return nil, err
	}
	if err := os.Rename(tmp, k.path); err != nil {
		os.Remove(tmp)
		return nil, fmt.Errorf("key file: %w", err)
	}
	return LoadKeys(k.path)
}

// Rotate adds a new key, which is used from now on. References under older keys
// are still found until those keys are dropped.
func (k *Keys) Rotate(now time.Time) (*Keys, error) {
	raw := make([]byte, keyBytes)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	highest := 0
	for _, one := range k.list {
		if n, err := strconv.Atoi(strings.TrimPrefix(one.id, "k")); err == nil {
			highest = max(highest, n)
		}
	}
	one, err := newKey("k"+strconv.Itoa(highest+1), now.Format(time.DateOnly), raw)
	if err != nil {
		return nil, err
	}
	return k.replace(append(append([]key{}, k.list...), one))
}

// Drop removes a key other than the one in use. What only that key can find or
// open is lost.
func (k *Keys) Drop(id string) (*Keys, error) {
	if id == k.Current() {
		return nil, fmt.Errorf("key %s is in use: rotate first", id)
	}
	var list []key
	for _, one := range k.list {
		if one.id != id {
			list = append(list, one)
		}
	}
	if len(list) == len(k.list) {
		return nil, fmt.Errorf("key %s: %w", id, ErrUnknownKey)
	}
	return k.replace(list)
}

// Current returns the id of the key that is used for what is new.
func (k *Keys) Current() string { return k.list[len(k.list)-1].id }

// KeyInfo describes a key without showing it.
type KeyInfo struct {
	ID, Made string
	Current  bool
}

// Info lists the keys, the oldest first.
func (k *Keys) Info() []KeyInfo {
	out := make([]KeyInfo, len(k.list))
	for i, one := range k.list {
		out[i] = KeyInfo{one.id, one.made, i == len(k.list)-1}
	}
	return out
}

// Reference returns the keyed reference of an identifier of a kind, under the
// current key: key id, colon, hexadecimal HMAC.
func (k *Keys) Reference(kind, value string) string {
	return k.list[len(k.list)-1].reference(kind, value)
}

// References returns the references under every key, the current one first.
func (k *Keys) References(kind, value string) []string {
	out := make([]string, 0, len(k.list))
	for i := len(k.list) - 1; i >= 0; i-- {
		out = append(out, k.list[i].reference(kind, value))
	}
	return out
}

// reference is HMAC-SHA-256 over kind and identifier, as RFC 2104 defines it:
// H(outer, H(inner, text)). Imports make one for every row, and the general HMAC
// of the library takes twice as long.
func (k *key) reference(kind, value string) string {
	var buf [sha256.BlockSize + 128]byte
	b := append(buf[:0], k.inner[:]...)
	b = appendNormal(append(append(b, kind...), 0), kind, value)
	in := sha256.Sum256(b)
	sum := sha256.Sum256(append(append(buf[:0], k.outer[:]...), in[:]...))
	out := append(append(buf[:0], k.id...), ':')
	return string(hex.AppendEncode(out, sum[:refBytes]))
}

// Seal encrypts a text under the current key.
func (k *Keys) Seal(text string) (keyID string, body []byte, err error) {
	one := &k.list[len(k.list)-1]
	nonce := make([]byte, one.seal.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", nil, err
	}
	return one.id, one.seal.Seal(nonce, nonce, []byte(text), []byte(one.id)), nil
}

// Open decrypts what Seal gave.
func (k *Keys) Open(keyID string, body []byte) (string, error) {
	for i := range k.list {
		one := &k.list[i]
		if one.id != keyID {
			continue
		}
		n := one.seal.NonceSize()
		if len(body) < n {
			return "", errors.New("the sealed text is damaged")
		}
		text, err := one.seal.Open(nil, body[:n], body[n:], []byte(one.id))
		if err != nil {
			return "", errors.New("the sealed text is damaged, or the key file is another one")
		}
		return string(text), nil
	}
	return "", fmt.Errorf("key %s: %w", keyID, ErrUnknownKey)
}
