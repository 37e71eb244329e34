package register

import (
	"bytes"
	"fmt"
	"mime"
	"strings"
	"time"

	"kcc/internal/output"
)

// Mail writes a notice as a message that a mail program can send as it is
// (RFC 5322, plain text in UTF-8). It names contacts and work by their number;
// nothing in it tells who the customer is.
func (n *Notice) Mail(c *Centre, addresses map[string]string, now time.Time, l output.Lang) []byte {
	var b bytes.Buffer
	to := n.To
	for _, d := range c.Departments {
		if d.Name == n.To && d.Email != "" {
			to = d.Email
		}
	}
	if a := addresses[n.To]; a != "" {
		to = a
	}
	late := 0
	for _, x := range n.Lines {
		if x.What != DueSoon {
			late++
		}
	}
	subject := fmt.Sprintf(l.Pick("Promises that need attention: %d, late: %d", "Beloften die aandacht vragen: %d, te laat: %d"), len(n.Lines), late)
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, oneLine(value)) }
	header("Date", now.Format(time.RFC1123Z))
	header("To", to)
	header("Subject", mime.QEncoding.Encode("utf-8", subject))
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "8bit")
	b.WriteString("\r\n")
	fmt.Fprintf(&b, "%s\r\n\r\n", subject)
	for _, x := range n.Lines {
		what := map[string]string{
			DueSoon: l.Pick("due soon", "bijna te laat"), Overdue: l.Pick("overdue", "te laat"),
			FirstResponseLate: l.Pick("first response late", "eerste reactie te laat"),
		}[x.What]
		fmt.Fprintf(&b, "%s  %-22s %s %d, %s %d", x.Due.Format("Mon 2006-01-02 15:04"), what, l.Pick("hand-off", "doorzetting"), x.HandOff, l.Pick("contact", "contact"), x.Contact)
		for _, extra := range []string{x.Subject, string(x.Metric), x.Department, x.Assignee} {
			if extra != "" {
				fmt.Fprintf(&b, ", %s", oneLine(extra))
			}
		}
		b.WriteString("\r\n")
	}
	fmt.Fprintf(&b, "\r\n%s\r\n", l.Pick("kcc handoff show NUMBER tells more.", "kcc handoff show NUMMER vertelt meer."))
	return b.Bytes()
}

// FileName returns the name of the file for a notice sent at now.
func (n *Notice) FileName(now time.Time) string {
	safe := strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || r == '.' || r == '@' || (r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') {
			return r
		}
		return '_'
	}, n.To)
	return fmt.Sprintf("%s-%s.eml", strings.TrimLeft(safe, "."), now.UTC().Format("20060102T150405Z"))
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' {
			return ' '
		}
		return r
	}, s)
}
