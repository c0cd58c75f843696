package mutants_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/espalier-hil/espalier/harness/server/servertest"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/vectors"
)

// The timing advice finds the fault that takes a millisecond longer, and finds
// none in what is right, whatever else this machine does. To measure how often:
//
//	ESPALIER_TIMING_ROUNDS=50 go test ./suites/mutants -run TestTimes -v -timeout 20m
//
// prints the verdicts of as many rounds.
func TestTimes(t *testing.T) {
	rounds := 1
	if text := os.Getenv("ESPALIER_TIMING_ROUNDS"); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil {
			t.Fatal("ESPALIER_TIMING_ROUNDS: ", err)
		}
	}
	all, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	try := func(name string, b *bench, slow bool) {
		verdicts := map[live.Verdict]int{}
		target := live.Served(b.server)
		target.Strict = true
		e, err := live.New(all, target, 1)
		if err != nil {
			t.Fatal(err)
		}
		for range rounds {
			for _, id := range []string{"oracle/time-padding", "oracle/time-device"} {
				res := e.Run(t.Context(), id)
				verdicts[res.Verdict]++
				switch {
				case !slow && res.Verdict == live.Fail, slow && res.Verdict == live.Pass, res.Verdict == live.Error:
					t.Errorf("%s: %s: %s: %s %q", name, res.ID, res.Verdict, res.Why, res.Notes)
				case rounds == 1:
					t.Logf("%s: %s: %s %s %q", name, res.ID, res.Verdict, res.Why, res.Notes)
				}
			}
		}
		t.Logf("%s: %v", name, verdicts)
	}
	try("slow-after-padding", start(t, program(t, "backend"), "--fault", "slow-after-padding"), true)
	s := servertest.Reference(t)
	try("reference", &bench{t, s}, false)
	right := program(t, "right")
	for _, kind := range []string{"sqlite", "log", "actor", "table"} {
		try(kind, start(t, right, "--kind", kind), false)
	}
}
