package output

import (
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// How wide a sheet prints, in pixels of the screen, in which programs lay out
// columns: 96 to an inch, and for a column some pixels a character and a margin.
const (
	pagePixels = (297/25.4 - 2*sideMargin) * 96 // of a landscape A4
	charPixels = 7                              // of a digit of Calibri 11
	colPixels  = 5
	spare      = 0.97 // programs round each width their own way
	sideMargin = 0.4  // inches
	leastScale = 60   // percent: below it 11 points are not read with ease
	squeezed   = 52   // percent, where it saves the second page: 6 points, as small print has
	keysAtMost = 0.4  // of a page, for the columns repeated on each
	fullScale  = 100
)

// printWide says how a table prints whose columns have these widths: on the
// width of one page where that can be read, if need be as small print, else on as
// few pages side by side as can be, with the key columns on each.
func printWide(widths []int, keys int) (scale uint, titleCols int) {
	px := make([]float64, len(widths))
	total := 0.0
	for i, w := range widths {
		px[i] = float64(w*charPixels + colPixels)
		total += px[i]
	}
	if total*squeezed/fullScale <= pagePixels*spare {
		return 0, 0
	}
	room := func(scale int) float64 { return pagePixels * spare * fullScale / float64(scale) }
	repeated := 0.0
	for titleCols < min(keys, len(px)) && repeated+px[titleCols] <= keysAtMost*room(leastScale) {
		repeated += px[titleCols]
		titleCols++
	}
	pages := func(scale int) int {
		n, used := 1, repeated
		for _, w := range px[titleCols:] {
			if used+w > room(scale) && used > repeated {
				n++
				used = repeated
			}
			used += w
		}
		return n
	}
	best := leastScale
	for best < fullScale && pages(best+1) == pages(leastScale) && repeated <= keysAtMost*room(best+1) {
		best++
	}
	return uint(best), titleCols
}

// pageSetup is how a sheet prints.
type pageSetup struct {
	portrait  bool
	scale     uint // percent, instead of a fit to the width; page breaks count only then
	titleFrom int  // first of the rows repeated at the top of each page; 0 is 1
	titleRows int  // last of them; 0: none
	titleCols int
	header    string
}

// paperA4 is the paper size in the numbers of the file format.
const paperA4 = 9

// page sets how a sheet prints: fit to the width of a landscape page, header
// rows repeated, sheet name and page numbers at the foot.
func (b *workbook) page(sheet string, p pageSetup) error {
	fit, width, height, orient, size := true, 1, 0, "landscape", paperA4
	if p.portrait {
		orient = "portrait"
	}
	margin, foot := sideMargin, 0.6
	of := "of"
	if b.opt.Lang == Dutch {
		of = "van"
	}
	head := strings.ReplaceAll(p.header, "&", "&&")
	const maxHeader = 200 // the file format allows 255 characters with the codes
	head = cutUTF16(head, maxHeader)
	layout := &excelize.PageLayoutOptions{Size: &size, Orientation: &orient}
	if p.scale > 0 {
		over := "overThenDown" // so that what stands side by side comes one after the other
		layout.AdjustTo, layout.PageOrder = &p.scale, &over
	} else {
		layout.FitToWidth, layout.FitToHeight = &width, &height
		if err := b.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
			return err
		}
	}
	errs := []error{
		b.SetPageLayout(sheet, layout),
		b.SetPageMargins(sheet, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin, Top: &foot, Bottom: &foot, Header: &margin, Footer: &margin}),
	}
	hf := &excelize.HeaderFooterOptions{OddFooter: "&L&A&R&P " + of + " &N"}
	if head != "" {
		hf.OddHeader = "&L&B" + digitGuard(head)
	}
	errs = append(errs, b.SetHeaderFooter(sheet, hf))
	var ref []string
	quoted := "'" + strings.ReplaceAll(sheet, "'", "''") + "'!"
	if p.titleCols > 0 {
		last, err := excelize.ColumnNumberToName(p.titleCols)
		errs = append(errs, err)
		ref = append(ref, quoted+"$A:$"+last)
	}
	if p.titleRows > 0 {
		ref = append(ref, fmt.Sprintf("%s$%d:$%d", quoted, max(p.titleFrom, 1), p.titleRows))
	}
	if len(ref) > 0 {
		errs = append(errs, b.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: strings.Join(ref, ","), Scope: sheet}))
	}
	return errors.Join(errs...)
}

// digitGuard keeps a header that starts with a digit from being read as part
// of the code before it.
func digitGuard(s string) string {
	if s != "" && s[0] >= '0' && s[0] <= '9' {
		return " " + s
	}
	return s
}
