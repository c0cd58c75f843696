package device

import (
	"fmt"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/espalier-hil/espalier/boards"
)

// needing begins the label of a spec that takes a verb of the firmware.
const needing = "needs-"

// needs labels a spec that takes these verbs. Where the firmware lacks one, as its
// board's descriptor says, the spec is not run, and the run is partial for it.
func needs(verbs ...boards.Verb) Labels {
	var labels Labels
	for _, v := range verbs {
		labels = append(labels, needing+string(v))
	}
	return labels
}

// lacking skips a spec that needs more than the firmware has.
func lacking(spec SpecReport) {
	GinkgoHelper()
	var missing []string
	for _, label := range spec.Labels() {
		if verb, ok := strings.CutPrefix(label, needing); ok && under.Lacks(boards.Verb(verb)) {
			missing = append(missing, verb)
		}
	}
	slices.Sort(missing) // one reason is one, in whatever order a spec names them
	if len(missing) > 0 {
		Skip(fmt.Sprintf("the firmware of board %s has no verb %s", under.Board.Name, strings.Join(missing, ", ")))
	}
}

// excused marks a spec that is not demanded here.
const excused = "excused"

// excuse skips a spec for what no firmware, and nobody at this board, could do
// anything about: so it is not demanded.
func excuse(why string) {
	GinkgoHelper()
	AddReportEntry(excused, ReportEntryVisibilityNever)
	Skip(why)
}
