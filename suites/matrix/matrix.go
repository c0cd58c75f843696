// Package matrix is the table of backends in suites/README.md: what a run of
// everything says of each, one row a backend. The tests that run a backend hold
// its row against what they saw, so that the table cannot go stale:
//
//	text, err = matrix.Put(text, matrix.Row("[nodered](peers/README.md)", run))
package matrix

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// ErrTable reports a text in which there is no such table, or no such row.
var ErrTable = errors.New("matrix: no place for the row")

// profiles are the columns of verdicts, the last of which says which
// requirements count.
var profiles = []string{"core", "strict", "secure"}

// groups are the columns of requirements, by the middle of their ids.
var groups = []string{"KDF", "ENV", "SEQ", "RSP", "HTTP"}

// Head is the first line of the table.
func Head() string { return line(append([]string{"backend"}, append(profiles, groups...)...)) }

// Row returns the row of a backend under that name: its verdict in each profile,
// and by group the requirements of profile secure that the run found broken, as
// in "**004** 013", bold where core demands them, too. What nothing has shown is in
// brackets. A group of which all held is ✓, and one of which nothing can be seen
// on this target –.
func Row(name string, run *evidence.Run) string {
	cells := []string{name}
	for _, p := range profiles {
		cells = append(cells, string(run.Judge(p).Standing))
	}
	rows := run.Matrix()
	for _, group := range groups {
		var found []string
		held := false
		for i, req := range run.Requirements {
			number, of := strings.CutPrefix(req.ID, "REQ-"+group+"-")
			if !of || !run.Demands("secure", []string{req.ID}) {
				continue
			}
			switch state := rows[i].State; {
			case state == evidence.Violated:
				if run.Demands("core", []string{req.ID}) {
					number = "**" + number + "**"
				}
				found = append(found, number)
			case state == evidence.Untested && !skipped(run, req.ID):
				found = append(found, "("+number+")")
			case state == evidence.Held:
				held = true
			}
		}
		switch {
		case len(found) > 0:
			cells = append(cells, strings.Join(found, " "))
		case held:
			cells = append(cells, "✓")
		default:
			cells = append(cells, "–")
		}
	}
	return line(cells)
}

// skipped reports whether all tests of a requirement were skipped: it cannot be
// seen with what the target has.
func skipped(run *evidence.Run, req string) bool {
	cites := func(res evidence.Result) bool { return slices.Contains(res.Reqs, req) }
	cited := slices.ContainsFunc(run.Results, cites)
	return cited && !slices.ContainsFunc(run.Results, func(res evidence.Result) bool { return cites(res) && res.Verdict != evidence.Skip })
}

func line(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }

// Put returns the text with a row in the place of the one of the same name. It
// must have the table's head, and a row of that name. Errors wrap ErrTable.
func Put(text, row string) (string, error) {
	_, rest, there := strings.Cut(text, Head()+"\n")
	if !there {
		return "", fmt.Errorf("%w: no line says %q", ErrTable, Head())
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(row, "| "), " |")
	for old := range strings.Lines(rest) {
		if old = strings.TrimSuffix(old, "\n"); !strings.HasPrefix(old, "|") {
			break
		} else if strings.HasPrefix(old, "| "+name+" |") {
			return strings.Replace(text, old+"\n", row+"\n", 1), nil
		}
	}
	return "", fmt.Errorf("%w: the table has none that begins with %q", ErrTable, "| "+name+" |")
}
