package bench

import (
	"os"
	"path/filepath"
	"testing"
)

// dataDir returns the folder with the public problems: KCC_DATA, else
// ../shared/data beside the module.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("KCC_DATA")
	if dir == "" {
		at, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
				break
			}
			if up := filepath.Dir(at); up == at {
				break
			} else {
				at = up
			}
		}
		dir = filepath.Join(filepath.Dir(at), "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(dir, "roster")); err != nil {
		t.Skip("public rostering problems not found: set KCC_DATA")
	}
	return dir
}
