package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain offers the program itself as the command kcc to the scripts.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"kcc": scriptMain})
}

// scriptNow is the clock of a script that gives none: what it says must not
// depend on the day on which it is run.
const scriptNow = "2026-11-29T12:00:00+01:00"

// nowEnv sets the clock of kcc in scripts.
const nowEnv = "KCC_TEST_NOW"

func scriptMain() {
	now, args := os.Getenv(nowEnv), os.Args[1:]
	given := slices.ContainsFunc(args, func(a string) bool { return a == "--now" || strings.HasPrefix(a, "--now=") })
	if now != "" && !given && len(args) > 0 && !strings.HasPrefix(args[0], "__") {
		os.Args = append([]string{os.Args[0], "--now", now}, args...)
	}
	main()
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
			env.Setenv(nowEnv, scriptNow)
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
