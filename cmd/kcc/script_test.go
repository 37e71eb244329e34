package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain offers the program itself as the command kcc to the scripts.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kcc": main})
}

// TestScripts runs the user stories in testdata/script, one per file. A script
// may use $KCC_DATA (condition [data]) when the real data sets are there.
func TestScripts(t *testing.T) {
	data := dataFolder()
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("KCC_DATA", data)
			env.Setenv("NO_COLOR", "1")
			return nil
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "data":
				return data != "", nil
			}
			return false, nil
		},
		Cmds:          storeCommands(),
		UpdateScripts: os.Getenv("KCC_UPDATE") != "",
	})
}

// dataFolder returns the folder of real data: KCC_DATA, else ../shared/data
// beside the module; empty when absent.
func dataFolder() string {
	dir := os.Getenv("KCC_DATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "data")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return ""
	}
	return dir
}
