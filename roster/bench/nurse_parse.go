package bench

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// nurseText reads the lines of an INRC-II file with their numbers.
type nurseText struct {
	rows []string
	line []int
	at   int
}

func readNurseText(r io.Reader) (*nurseText, error) {
	t := &nurseText{}
	sc := bufio.NewScanner(r)
	sc.Buffer(nil, 1<<24)
	for n := 1; sc.Scan(); n++ {
		if s := strings.TrimSpace(strings.TrimPrefix(sc.Text(), "\ufeff")); s != "" {
			t.rows, t.line = append(t.rows, s), append(t.line, n)
		}
	}
	return t, sc.Err()
}

func (t *nurseText) errorf(format string, a ...any) error {
	if t.at == 0 || len(t.rows) == 0 {
		return &ParseError{Text: fmt.Sprintf(format, a...)}
	}
	return &ParseError{Line: t.line[min(t.at, len(t.rows))-1], Text: fmt.Sprintf(format, a...)}
}

// next returns the fields of the next line; brackets and commas separate, too.
func (t *nurseText) next() ([]string, error) {
	if t.at == len(t.rows) {
		return nil, t.errorf("the file ends too early")
	}
	t.at++
	f := strings.FieldsFunc(t.rows[t.at-1], func(r rune) bool { return r == ' ' || r == '\t' || r == '(' || r == ')' || r == ',' || r == '=' })
	if len(f) == 0 {
		return nil, t.errorf("%q: want words or numbers", t.rows[t.at-1])
	}
	return f, nil
}

// want reads a line that starts with key and returns the number of fields after.
func (t *nurseText) want(key string, fields int) ([]string, error) {
	f, err := t.next()
	if err != nil {
		return nil, err
	}
	if len(f) != fields+1 || f[0] != key {
		return nil, t.errorf("%q: want %s and %d more", strings.Join(f, " "), key, fields)
	}
	return f[1:], nil
}

func (t *nurseText) number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1<<20 {
		return 0, t.errorf("%q: want a whole number", s)
	}
	return n, nil
}

func (t *nurseText) numbers(f []string, to ...*int) error {
	if len(f) != len(to) {
		return t.errorf("%d numbers: want %d", len(f), len(to))
	}
	for i, p := range to {
		n, err := t.number(f[i])
		if err != nil {
			return err
		}
		*p = n
	}
	return nil
}

// count reads "KEY = n".
func (t *nurseText) count(key string) (int, error) {
	f, err := t.want(key, 1)
	if err != nil {
		return 0, err
	}
	return t.number(f[0])
}

func (t *nurseText) index(names []string, name, what string) (int, error) {
	i := slices.Index(names, name)
	if i < 0 {
		return 0, t.errorf("%s %q is not in the scenario", what, name)
	}
	return i, nil
}

func (n *Nurses) shiftNames() (names []string) {
	for _, s := range n.Shifts {
		names = append(names, s.ID)
	}
	return names
}

func (n *Nurses) nurseNames() (names []string) {
	for _, s := range n.Staff {
		names = append(names, s.ID)
	}
	return names
}

// ParseNurses reads an INRC-II scenario, one history and one file per week.
func ParseNurses(scenario, history io.Reader, weeks []io.Reader) (*Nurses, error) {
	n := &Nurses{Weeks: len(weeks)}
	if len(weeks) == 0 {
		return nil, &ParseError{Text: "no week files"}
	}
	if err := n.scenario(scenario); err != nil {
		return nil, fmt.Errorf("scenario: %w", err)
	}
	if err := n.history(history); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	for i, w := range weeks {
		if err := n.week(i, w); err != nil {
			return nil, fmt.Errorf("week %d: %w", i+1, err)
		}
	}
	return n, nil
}

func (n *Nurses) scenario(r io.Reader) error {
	t, err := readNurseText(r)
	if err != nil {
		return err
	}
	f, err := t.want("SCENARIO", 1)
	if err != nil {
		return err
	}
	n.Name = f[0]
	planned, err := t.count("WEEKS")
	if err != nil {
		return err
	}
	if planned != n.Weeks {
		return t.errorf("the scenario has %d weeks, %d week files are given", planned, n.Weeks)
	}
	for _, part := range []struct {
		key  string
		read func(*nurseText) error
	}{{"SKILLS", n.skill}, {"SHIFT_TYPES", n.shift}, {"", n.successions}, {"CONTRACTS", n.contract}, {"NURSES", n.nurse}} {
		count := len(n.Shifts)
		if part.key != "" {
			if count, err = t.count(part.key); err != nil {
				return err
			}
		} else if _, err := t.want("FORBIDDEN_SHIFT_TYPES_SUCCESSIONS", 0); err != nil {
			return err
		}
		for range count {
			if err := part.read(t); err != nil {
				return err
			}
		}
	}
	if len(n.Shifts) == 0 || len(n.Skills) == 0 || len(n.Staff) == 0 {
		return t.errorf("no shifts, no skills or no nurses")
	}
	return nil
}

func (n *Nurses) skill(t *nurseText) error {
	f, err := t.next()
	if err != nil || len(f) != 1 {
		return t.errorf("want the name of a skill")
	}
	n.Skills = append(n.Skills, f[0])
	return nil
}

func (n *Nurses) shift(t *nurseText) error {
	f, err := t.next()
	if err != nil || len(f) != 3 {
		return t.errorf("want a shift type and (min,max)")
	}
	s := NurseShift{ID: f[0]}
	err = t.numbers(f[1:], &s.MinRun, &s.MaxRun)
	n.Shifts = append(n.Shifts, s)
	return err
}

func (n *Nurses) successions(t *nurseText) error {
	f, err := t.next()
	if err != nil || len(f) < 2 {
		return t.errorf("want a shift type, a number and the shifts that may not follow")
	}
	names := n.shiftNames()
	s, err := t.index(names, f[0], "shift type")
	if err != nil {
		return err
	}
	for _, name := range f[2:] {
		i, err := t.index(names, name, "shift type")
		if err != nil {
			return err
		}
		n.Shifts[s].NotNext = append(n.Shifts[s].NotNext, i)
	}
	return nil
}

func (n *Nurses) contract(t *nurseText) error {
	f, err := t.next()
	if err != nil || len(f) != 9 {
		return t.errorf("want a contract: name (total) (working) (off) weekends complete")
	}
	c := Contract{ID: f[0]}
	complete := 0
	err = t.numbers(f[1:], &c.MinTotal, &c.MaxTotal, &c.MinWork, &c.MaxWork, &c.MinFree, &c.MaxFree, &c.MaxWeekends, &complete)
	c.Complete = complete != 0
	n.Contracts = append(n.Contracts, c)
	return err
}

func (n *Nurses) nurse(t *nurseText) error {
	f, err := t.next()
	if err != nil || len(f) < 3 {
		return t.errorf("want a nurse: name contract number skills")
	}
	names := make([]string, 0, len(n.Contracts))
	for _, c := range n.Contracts {
		names = append(names, c.ID)
	}
	v := Nurse{ID: f[0], Last: -1}
	if v.Contract, err = t.index(names, f[1], "contract"); err != nil {
		return err
	}
	for _, s := range f[3:] {
		i, err := t.index(n.Skills, s, "skill")
		if err != nil {
			return err
		}
		v.Skills = append(v.Skills, i)
	}
	n.Staff = append(n.Staff, v)
	return nil
}

func (n *Nurses) history(r io.Reader) error {
	t, err := readNurseText(r)
	if err != nil {
		return err
	}
	if _, err := t.want("HISTORY", 0); err != nil {
		return err
	}
	if _, err := t.next(); err != nil {
		return err
	}
	if _, err := t.want("NURSE_HISTORY", 0); err != nil {
		return err
	}
	shifts, staff := n.shiftNames(), n.nurseNames()
	for range n.Staff {
		f, err := t.next()
		if err != nil {
			return err
		}
		if len(f) != 7 {
			return t.errorf("%d fields: want nurse, shifts, weekends, last shift, and three runs", len(f))
		}
		i, err := t.index(staff, f[0], "nurse")
		if err != nil {
			return err
		}
		v := &n.Staff[i]
		if f[3] != "None" {
			if v.Last, err = t.index(shifts, f[3], "shift type"); err != nil {
				return err
			}
		}
		if err := t.numbers([]string{f[1], f[2], f[4], f[5], f[6]}, &v.Total, &v.Weekends, &v.Same, &v.Work, &v.Free); err != nil {
			return err
		}
	}
	return nil
}

var weekDays = []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}

func (n *Nurses) week(week int, r io.Reader) error {
	t, err := readNurseText(r)
	if err != nil {
		return err
	}
	if _, err := t.want("WEEK_DATA", 0); err != nil {
		return err
	}
	if _, err := t.next(); err != nil {
		return err
	}
	if _, err := t.want("REQUIREMENTS", 0); err != nil {
		return err
	}
	shifts, staff := n.shiftNames(), n.nurseNames()
	for {
		f, err := t.next()
		if err != nil {
			return err
		}
		if f[0] == "SHIFT_OFF_REQUESTS" {
			t.at--
			break
		}
		if len(f) != 16 {
			return t.errorf("%d fields: want a shift, a skill and seven pairs", len(f))
		}
		c := SkillCover{}
		if c.Shift, err = t.index(shifts, f[0], "shift type"); err != nil {
			return err
		}
		if c.Skill, err = t.index(n.Skills, f[1], "skill"); err != nil {
			return err
		}
		for d := range 7 {
			c.Day = 7*week + d
			if err := t.numbers(f[2+2*d:4+2*d], &c.Min, &c.Best); err != nil {
				return err
			}
			n.Cover = append(n.Cover, c)
		}
	}
	count, err := t.count("SHIFT_OFF_REQUESTS")
	if err != nil {
		return err
	}
	for range count {
		f, err := t.next()
		if err != nil {
			return err
		}
		if len(f) != 3 {
			return t.errorf("%d fields: want nurse, shift, day", len(f))
		}
		w := NurseWish{Shift: -1}
		if w.Nurse, err = t.index(staff, f[0], "nurse"); err != nil {
			return err
		}
		if f[1] != "Any" {
			if w.Shift, err = t.index(shifts, f[1], "shift type"); err != nil {
				return err
			}
		}
		day, err := t.index(weekDays, f[2], "day")
		if err != nil {
			return err
		}
		w.Day = 7*week + day
		n.Wishes = append(n.Wishes, w)
	}
	return nil
}
