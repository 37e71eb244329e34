package importer

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Template writes a workbook that a small centre can fill in by hand: interval
// figures per quarter, half hour or day, with lists to choose from. Every column
// has a name that the importer knows.
func Template(w io.Writer, dutch bool) (err error) {
	f := excelize.NewFile()
	defer func() {
		if cerr := f.Close(); err == nil {
			err = cerr
		}
	}()
	words := func(en, nl string) string {
		if dutch {
			return nl
		}
		return en
	}
	type column struct {
		name, format string
		width        float64
	}
	sheets := []struct {
		name string
		cols []column
	}{
		{words("Intervals", "Intervallen"), []column{
			{words("Date", "Datum"), "dd-mm-yyyy", 12},
			{words("Time", "Tijd"), "hh:mm", 8},
			{words("Channel", "Kanaal"), "", 12},
			{words("Queue", "Wachtrij"), "", 18},
			{words("Subject", "Onderwerp"), "", 18},
			{words("Offered", "Aangeboden"), "0", 12},
			{words("Answered", "Beantwoord"), "0", 12},
			{words("Abandoned", "Opgehangen"), "0", 12},
			{words("Avg wait", "Gem. wachttijd"), "[h]:mm:ss", 14},
			{words("Avg handle time", "Gem. afhandeltijd"), "[h]:mm:ss", 16},
		}},
		{words("Contacts", "Contacten"), []column{
			{words("Date", "Datum"), "dd-mm-yyyy", 12},
			{words("Time", "Tijd"), "hh:mm", 8},
			{words("Channel", "Kanaal"), "", 12},
			{words("Subject", "Onderwerp"), "", 20},
			{words("Kind", "Soort"), "", 14},
			{words("Outcome", "Resultaat"), "", 18},
			{words("Talk time", "Gesprekstijd"), "[h]:mm:ss", 14},
			{words("Department", "Afdeling"), "", 18},
		}},
	}
	lists := []struct {
		column string
		values []string
	}{
		{words("Channel", "Kanaal"), []string{words("phone", "telefoon"), words("email", "e-mail"), "chat", "whatsapp", words("webform", "webformulier"), "social", words("counter", "balie"), words("letter", "post")}},
		{words("Kind", "Soort"), []string{words("question", "vraag"), words("request", "aanvraag"), words("complaint", "klacht"), words("report", "melding")}},
		{words("Outcome", "Resultaat"), []string{words("answered", "beantwoord"), words("transferred", "doorverbonden"), words("handed off", "doorgezet"), words("abandoned", "opgehangen")}},
	}
	listSheet := words("Lists", "Lijsten")
	const lastRow = 20000 // rows that lists and formats reach
	for i, s := range sheets {
		if i == 0 {
			err = f.SetSheetName("Sheet1", s.name)
		} else {
			_, err = f.NewSheet(s.name)
		}
		if err != nil {
			return err
		}
	}
	if _, err := f.NewSheet(listSheet); err != nil {
		return err
	}
	for i, l := range lists {
		col, err := excelize.ColumnNumberToName(i + 1)
		if err != nil {
			return err
		}
		if err := f.SetCellValue(listSheet, col+"1", l.column); err != nil {
			return err
		}
		for j, v := range l.values {
			if err := f.SetCellValue(listSheet, fmt.Sprintf("%s%d", col, j+2), v); err != nil {
				return err
			}
		}
	}
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDE6EF"}}})
	if err != nil {
		return err
	}
	for _, s := range sheets {
		for i, c := range s.cols {
			col, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return err
			}
			if c.format != "" {
				style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &c.format})
				if err != nil {
					return err
				}
				if err := f.SetColStyle(s.name, col, style); err != nil {
					return err
				}
			}
			if err := f.SetColWidth(s.name, col, col, c.width); err != nil {
				return err
			}
			if err := f.SetCellValue(s.name, col+"1", c.name); err != nil {
				return err
			}
			if err := f.SetCellStyle(s.name, col+"1", col+"1", head); err != nil {
				return err
			}
			for j, l := range lists {
				if l.column != c.name {
					continue
				}
				from, err := excelize.ColumnNumberToName(j + 1)
				if err != nil {
					return err
				}
				dv := excelize.NewDataValidation(true)
				dv.Sqref = fmt.Sprintf("%s2:%s%d", col, col, lastRow)
				dv.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$2:$%s$%d", listSheet, from, from, len(l.values)+1))
				if err := f.AddDataValidation(s.name, dv); err != nil {
					return err
				}
			}
			if c.format == "0" {
				dv := excelize.NewDataValidation(true)
				dv.Sqref = fmt.Sprintf("%s2:%s%d", col, col, lastRow)
				if err := dv.SetRange(0, 1000000, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween); err != nil {
					return err
				}
				dv.SetError(excelize.DataValidationErrorStyleStop, c.name, words("a whole number of 0 or more", "een geheel getal van 0 of meer"))
				if err := f.AddDataValidation(s.name, dv); err != nil {
					return err
				}
			}
		}
		if err := f.SetPanes(s.name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
			return err
		}
	}
	f.SetActiveSheet(0)
	return f.Write(w)
}
