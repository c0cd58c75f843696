package report

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// rows writes a row for each requirement that a person has to look at: broken,
// not run, or demanded and not tested. Those that held, and those that nobody
// looked at, are named in a few lines, by family.
func (r *Run) rows(p *painter) {
	var held, unseen []string
	shown := false
	for _, row := range r.Matrix() {
		verdict := row.Verdict()
		switch {
		case verdict == "pass":
			held = append(held, row.ID)
			continue
		case verdict == "untested" && !row.Demanded:
			unseen = append(unseen, row.ID)
			continue
		}
		shown = true
		total := row.Pass + row.Fail + row.Skip
		p.line("  %s  %-12s  %2d of %-2d  %s", p.mark(verdict), row.ID, row.Pass, total, cut(row.Text, textWidth))
	}
	if len(held) > 0 {
		p.list(p.paint(green, "held      "), held)
	}
	if len(unseen) > 0 && (shown || len(held) > 0) {
		p.list(p.paint(faint, "untested  "), unseen)
	}
	if shown || len(held) > 0 {
		p.line("")
	}
}

// list writes how many requirements there are of a kind, and which.
func (p *painter) list(mark string, ids []string) {
	head := fmt.Sprintf("  %s %2d  ", mark, len(ids))
	line, used := head, listIndent
	for i, word := range families(ids) {
		if n := utf8.RuneCountInString(word); used+1+n > lineWidth {
			p.line("%s", line)
			line, used = strings.Repeat(" ", listIndent), listIndent
			word = strings.TrimPrefix(word, "· ")
		} else if i > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+word, used+utf8.RuneCountInString(word)
	}
	p.line("%s", line)
}

// listIndent is the width of what stands before the first word of a list.
const listIndent = 17

// families returns the words of a list of ids: REQ-ENV-002, REQ-SEQ-001 and
// REQ-SEQ-003 are "ENV 002", "· SEQ 001", "003". An id of another form is
// a word of its own.
func families(ids []string) []string {
	var words []string
	last := ""
	for _, id := range slices.Sorted(slices.Values(ids)) {
		parts := strings.Split(id, "-")
		if len(parts) != 3 || parts[0] != "REQ" {
			words, last = append(words, id), ""
			continue
		}
		if parts[1] != last {
			word := parts[1] + " " + parts[2]
			if len(words) > 0 {
				word = "· " + word
			}
			words, last = append(words, word), parts[1]
			continue
		}
		words = append(words, parts[2])
	}
	return words
}
