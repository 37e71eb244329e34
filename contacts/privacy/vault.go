package privacy

import (
	"sync"
	"time"
)

// Vault is a key file that is read, or made, when it is first needed, together
// with the masking of free text. It is safe for concurrent use.
type Vault struct {
	Path   string
	Masker Masker
	Now    func() time.Time

	mu   sync.Mutex
	keys *Keys
}

// Keys returns the keys; without a file one is made.
func (v *Vault) Keys() (*Keys, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.keys == nil {
		k, err := EnsureKeys(v.Path, v.Now())
		if err != nil {
			return nil, err
		}
		v.keys = k
	}
	return v.keys, nil
}

// Ref returns the keyed reference of an identifier as typed.
func (v *Vault) Ref(identifier string) (string, error) {
	k, err := v.Keys()
	if err != nil {
		return "", err
	}
	return k.Ref(identifier)
}

// Refs returns the references of an identifier under every key.
func (v *Vault) Refs(identifier string) ([]string, error) {
	k, err := v.Keys()
	if err != nil {
		return nil, err
	}
	return k.Refs(identifier)
}

// Seal encrypts a text under the current key.
func (v *Vault) Seal(text string) (string, []byte, error) {
	k, err := v.Keys()
	if err != nil {
		return "", nil, err
	}
	return k.Seal(text)
}

// Open decrypts what Seal gave; it never makes a key file.
func (v *Vault) Open(keyID string, body []byte) (string, error) {
	v.mu.Lock()
	k := v.keys
	v.mu.Unlock()
	if k == nil {
		var err error
		if k, err = LoadKeys(v.Path); err != nil {
			return "", err
		}
	}
	return k.Open(keyID, body)
}

// Mask hides citizen service numbers in free text and counts them.
func (v *Vault) Mask(text string) (string, int) { return v.Masker.Mask(text) }
