package report

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// The widths of the summary, in characters.
const (
	lineWidth = 79
	textWidth = 45 // of a requirement's text in its row
	lastLines = 8  // of the log that a failure shows
	laneLines = 3  // of each lane, of a log that has several
)

// Colourful reports whether w is a terminal whose user has not declined
// colours by NO_COLOR.
func Colourful(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(f.Fd()))
}

// Summary writes what a person wants to know, the verdict last: who took part,
// which requirements held and which did not, the failures with what each takes
// to understand and repeat it, the numbers.
func (r *Run) Summary(w io.Writer, colour bool) error {
	clean := r.redacted()
	p := &painter{colour: colour}
	clean.participants(p)
	clean.rows(p)
	for _, res := range clean.Results {
		if res.Status != Pass && res.Status != Skip {
			clean.failure(p, res)
		}
	}
	clean.omissions(p)
	clean.numbers(p)
	clean.verdict(p)
	_, err := io.WriteString(w, p.String())
	return err
}

func (r *Run) participants(p *painter) {
	p.line("espalier %s · board %s", r.Version, printable(join(" ", r.Board.Name, r.Board.MAC, r.Board.Port)))
	if rom := r.Board.ROM; rom != nil {
		p.line("rom      %s,", rom.SHA256)
		p.line("         %s", rom.What)
	}
	switch {
	case r.Firmware.Digest == "" && r.Firmware.Version != "":
		p.line("image    %s, by its own word; not attested", printable(r.Firmware.Version))
	case r.Firmware.Digest != "":
		p.line("image    %s, %d bytes, read back from flash", r.Firmware.Digest, r.Firmware.Size)
	}
	p.line("server   %s", printable(join(": ", r.Server.Mode, r.Server.Why)))
	p.line("")
}

func (r *Run) failure(p *painter, res Result) {
	p.line("%s %s", p.paint(red, "✗"), res.ID)
	for _, line := range r.details(res) {
		p.line("    %s", line)
	}
	p.line("")
}

// details says all that is known of a failure, one line each.
func (r *Run) details(res Result) []string {
	var lines []string
	say := func(label, text string) {
		for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
			if text == "" {
				return
			}
			if i > 0 {
				label = ""
			}
			lines = append(lines, fmt.Sprintf("%-9s %s", label, printable(line)))
		}
	}
	for _, id := range res.Requirements {
		text := "not in the register"
		for _, req := range r.Requirements {
			if req.ID == id {
				text = join(" ", req.Level, req.Text)
			}
		}
		say("requires", id+": "+text)
	}
	say("class", string(res.class()))
	say("message", res.Message)
	say("expected", res.Expected)
	say("got", res.Got)
	say("crash", strings.Join(res.Crash, "\n"))
	say("at", res.Location)
	for i, a := range res.Attempts {
		say("attempt", fmt.Sprintf("%d: %s: %s", i+1, a.Class, a.Message))
	}
	say("last", strings.Join(lastOf(res.Log), "\n"))
	say("repeat", res.Repeat)
	return lines
}

// laned is a line of the timeline, whose first word is its lane.
var laned = regexp.MustCompile(`^(\S+) +[0-9]+\.[0-9]{3}s  `)

// lastOf returns the last lines of a log, and those of each of its lanes: what the
// device said last must not give way to what the server did.
func lastOf(log []string) []string {
	lane := func(i int) string {
		if i >= len(log) {
			return ""
		}
		m := laned.FindStringSubmatch(log[i])
		if m == nil {
			return ""
		}
		return m[1]
	}
	var last []string
	for i, line := range log {
		most := laneLines
		if lane(i) == "" {
			most = lastLines
		}
		if i+most >= len(log) || lane(i+most) != lane(i) {
			last = append(last, line)
		}
	}
	return last
}

// omitted is how many specs are named that were not run for one reason.
const omitted = 5

// omissions says which specs were not run, by the reason.
func (r *Run) omissions(p *painter) {
	var reasons []string
	specs := map[string][]string{}
	for _, res := range r.Results {
		if res.Status != Skip || res.Message == "" {
			continue
		}
		if specs[res.Message] == nil {
			reasons = append(reasons, res.Message)
		}
		specs[res.Message] = append(specs[res.Message], res.ID)
	}
	for _, reason := range reasons {
		names := specs[reason]
		p.line("%s %d not run: %s", p.paint(yellow, "–"), len(names), printable(reason))
		for _, name := range names[:min(omitted, len(names))] {
			p.line("    %s", name)
		}
		if more := len(names) - omitted; more > 0 {
			p.line("    and %d more, which report.json names", more)
		}
	}
	if len(reasons) > 0 {
		p.line("")
	}
}

func (r *Run) numbers(p *painter) {
	line := " "
	for i, m := range r.Measurements {
		text := join(" ", m.Name, number(m.Value), m.Unit)
		if !m.Within() {
			text = p.paint(red, text+" (out of limits)")
		}
		if i > 0 {
			line += " ·"
		}
		if utf8.RuneCountInString(line)+utf8.RuneCountInString(text) > lineWidth {
			p.line("%s", line)
			line = " "
		}
		line += " " + text
	}
	if len(r.Measurements) > 0 {
		p.line("%s", line)
		p.line("")
	}
}

func (r *Run) verdict(p *painter) {
	c, code := r.Counts(), r.Code()
	word, shade := "PASS", green
	switch {
	case code == CodePartial:
		word, shade = "PARTIAL", yellow
	case code != CodeOK:
		word, shade = "FAIL", red
	}
	counts := fmt.Sprintf("%d of %d specs passed", c.Pass, len(r.Results))
	if c.Skip > 0 {
		counts += fmt.Sprintf(", %d not run", c.Skip)
	}
	took := ""
	if !r.Finished.IsZero() {
		took = fmt.Sprintf("in %.1f s", r.elapsed().Seconds())
	}
	p.line("%s %s, evidence: %s · exit %d, %s", p.paint(shade, word), join(" ", counts, took), r.Grade(), int(code), code)
	if code != CodeOK && r.Repeat != "" {
		p.line("repeat: %s", r.Repeat)
	}
}

// join joins the texts that are not empty.
func join(sep string, texts ...string) string {
	var parts []string
	for _, t := range texts {
		if t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, sep)
}

// cut shortens text to n characters.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}
