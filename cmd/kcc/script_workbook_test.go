package main

import (
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// cmdCell edits cells of a workbook as a planner would: cell FILE SHEET CELL VALUE [CELL VALUE]...
func cmdCell(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 || len(args)%2 != 0 {
		ts.Fatalf("usage: cell FILE SHEET CELL VALUE [CELL VALUE]...")
	}
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	for i := 2; i < len(args); i += 2 {
		ts.Check(f.SetCellValue(args[1], args[i], args[i+1]))
	}
	ts.Check(f.Save())
	ts.Check(f.Close())
}
