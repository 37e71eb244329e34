package output

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"sort"
)

// contentTypes is the part of a workbook that lists the types of the others.
const contentTypes = "[Content_Types].xml"

var defaultType = regexp.MustCompile(`<Default [^>]*></Default>`)

// writeStable copies the workbook in data to w with its parts and types in a
// fixed order: with comments or charts in it, excelize writes types in the order of a map.
func writeStable(w io.Writer, data []byte) error {
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fmt.Errorf("workbook: %w", err)
	}
	files := append([]*zip.File(nil), in.File...)
	sort.Slice(files, func(i, j int) bool {
		if a, b := files[i].Name == contentTypes, files[j].Name == contentTypes; a != b {
			return a
		}
		return files[i].Name < files[j].Name
	})
	out := zip.NewWriter(w)
	for _, f := range files {
		if f.Name != contentTypes {
			if err := out.Copy(f); err != nil {
				return fmt.Errorf("workbook: %w", err)
			}
			continue
		}
		r, err := f.Open()
		if err != nil {
			return fmt.Errorf("workbook: %w", err)
		}
		text, err := io.ReadAll(r)
		if err := firstError(err, r.Close()); err != nil {
			return fmt.Errorf("workbook: %w", err)
		}
		part, err := out.Create(f.Name)
		if err != nil {
			return fmt.Errorf("workbook: %w", err)
		}
		if _, err := part.Write(sortDefaults(text)); err != nil {
			return fmt.Errorf("workbook: %w", err)
		}
	}
	return out.Close()
}

// sortDefaults sorts the default types among the places that they have.
func sortDefaults(text []byte) []byte {
	list := defaultType.FindAll(text, -1)
	sorted := make([][]byte, len(list))
	copy(sorted, list)
	sort.Slice(sorted, func(i, j int) bool { return bytes.Compare(sorted[i], sorted[j]) < 0 })
	next := 0
	return defaultType.ReplaceAllFunc(text, func([]byte) []byte {
		next++
		return sorted[next-1]
	})
}
