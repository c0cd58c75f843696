package expected

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// grace is how long the entries of a draft count.
const grace = 30 * 24 * time.Hour

// steady cuts a reason where it may be another the next time: at numbers, quotes,
// and ids of devices that are made for a test.
var steady = regexp.MustCompile(`[^ ]*[0-9"{}\[\]]+[^ ]*|espalier-[a-z0-9]+`)

// Draft writes a list of what a run has found, by reasons, as a beginning: each
// entry has to be looked at, and counts for 30 days until then.
func Draft(run *evidence.Run) []byte {
	type kind struct {
		verdict          evidence.Verdict
		dialect, message string
	}
	ids := map[kind][]string{}
	var order []kind
	for _, res := range run.Results {
		verdict := res.Verdict
		if verdict == evidence.XFail {
			verdict = res.Was
		}
		if !res.Verdict.Broken() {
			continue
		}
		k := kind{verdict, res.Dialect, message(res.Why)}
		if ids[k] == nil {
			order = append(order, k)
		}
		ids[k] = append(ids[k], res.ID)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# What was found on %s, with seed %d. Nobody has looked at it yet.\n", run.Started.Format(time.DateOnly), run.Seed)
	if len(order) == 0 {
		b.WriteString("[]\n")
	}
	for _, k := range order {
		reason := "not looked at yet"
		if k.dialect != "" {
			reason += "; it may be " + k.dialect
		}
		b.WriteString("- ids:\n")
		for _, id := range slices.Compact(ids[k]) {
			fmt.Fprintf(&b, "    - %s\n", strconv.Quote(id))
		}
		fmt.Fprintf(&b, "  reason: %s\n  issue: none yet\n  expires: %s\n", reason, run.Started.Add(grace).Format(time.DateOnly))
		fmt.Fprintf(&b, "  message: %s\n", strconv.Quote(k.message))
		if k.verdict != evidence.Fail {
			fmt.Fprintf(&b, "  verdict: %s\n", k.verdict)
		}
	}
	return b.Bytes()
}

// message returns the longest part of a reason that will be the same the next
// time, of printable ASCII, so that YAML and Go quote it alike.
func message(why string) string {
	best := ""
	for _, part := range steady.Split(why, -1) {
		for part := range strings.FieldsFuncSeq(part, func(r rune) bool { return r < ' ' || r > '~' || r == '\\' }) {
			if part = strings.TrimSpace(part); len(part) > len(best) {
				best = part
			}
		}
	}
	if best == "" {
		return why
	}
	return best
}
