package mutants

import (
	"fmt"
	"strings"
)

// Matrix returns the kill matrix as text: a line for each mutant, with the
// requirement that it breaks and the specs that turned red.
func Matrix(verdicts []Verdict) string {
	var b strings.Builder
	killed, width := 0, 0
	for _, v := range verdicts {
		width = max(width, len(v.String()))
	}
	for _, v := range verdicts {
		by := "SURVIVES, or is not killed by what claims it"
		if v.Err == nil {
			killed++
			by = v.killer()
		}
		fmt.Fprintf(&b, "  %-*s  %-12s  %s\n", width, v, v.Req, by)
	}
	fmt.Fprintf(&b, "  %d of %d mutants are killed", killed, len(verdicts))
	return b.String()
}

// killer names the spec that killed a mutant as claimed, and how many more did.
func (v Verdict) killer() string {
	for _, red := range v.Red {
		if strings.Contains(red, v.Kills) {
			if len(v.Red) > 1 {
				return fmt.Sprintf("%s, and %d more", red, len(v.Red)-1)
			}
			return red
		}
	}
	return v.Kills
}
