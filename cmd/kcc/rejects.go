package main

// rejects gathers the rows of a file that could not be read: the first are told,
// and the run counts as done in part.
type rejects struct {
	app   *App
	file  string
	count int
}

func (a *App) rejects(file string) *rejects { return &rejects{app: a, file: file} }

func (r *rejects) note(err error) {
	r.count++
	if r.count <= shownRejects {
		r.app.Warnf("%v", err)
	}
}

func (r *rejects) done() {
	if r.count > shownRejects {
		r.app.Warnf("and %d more rows like these", r.count-shownRejects)
	}
	if r.count > 0 {
		r.app.part = partialf("%s: %s could not be read and left out", r.file, countText(r.count, "row"))
	}
}
