package judge

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/suites/codec"
)

// mutants is the judge with each of its comparisons left out, and with the
// comparisons of data that first come to mind.
func mutants() map[string]faults {
	zoo := map[string]faults{
		"data as doubles": {same: func(a, b []byte) bool {
			var x, y any
			return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
		}},
		"data as loose text": {same: func(a, b []byte) bool {
			return strings.Trim(string(a), `"`) == strings.Trim(string(b), `"`)
		}},
		"data as exact numbers, by encoding/json": {same: func(a, b []byte) bool {
			decode := func(p []byte) (v any) {
				d := json.NewDecoder(strings.NewReader(string(p)))
				d.UseNumber()
				if d.Decode(&v) != nil {
					return nil
				}
				return v
			}
			return reflect.DeepEqual(decode(a), decode(b))
		}},
	}
	messages := []aspect{ofRefusal, ofAcceptance, ofStage, ofNext, ofData, ofAlternatives}
	for kind, aspects := range map[string][]aspect{
		"KdfTest":      {ofKey, ofIV},
		"EnvelopeTest": append([]aspect{ofText, ofReading}, messages...),
		"PayloadTest":  messages,
		"SequenceTest": {ofStatus, ofStepNext, ofMissing},
		"DeviceTest":   {ofKey, ofIV, ofText, ofRefusal},
	} {
		for _, a := range aspects {
			zoo[fmt.Sprintf("%s: no look at %s", kind, a)] = faults{idle: func(k string, b aspect) bool { return k == kind && a == b }}
		}
	}
	return zoo
}

// Whatever the judge forgets to compare, some poison passes; and every poison
// is there for such a reason.
func TestMutantJudgesLetPoisonPass(t *testing.T) {
	healthy, err := poison(t.Context(), codec.Reference{}, "core", faults{})
	if err != nil {
		t.Fatal(err)
	}
	earned := map[string]bool{}
	for _, p := range healthy {
		if !p.Beyond && (p.Verdict != Fail || p.Blind) {
			t.Errorf("%s is %s without any fault: %s", p.ID, p.Verdict, p.Reason)
		}
		earned[p.ID] = p.Beyond
	}
	for name, planted := range mutants() {
		t.Run(name, func(t *testing.T) {
			all, err := poison(t.Context(), codec.Reference{}, "core", planted)
			if err != nil {
				t.Fatal(err)
			}
			var passed []string
			for _, p := range all {
				if p.Survived() && p.Blind {
					passed = append(passed, p.ID)
					earned[p.ID] = true
				}
			}
			slices.Sort(passed)
			if len(passed) == 0 {
				t.Errorf("no poison tells that it is missing")
			}
			t.Logf("%-45s lets pass %s", name, strings.Join(passed, " "))
		})
	}
	for id, ok := range earned {
		if !ok {
			t.Errorf("%s finds no mutant of the judge: what is it there for?", id)
		}
	}
}
