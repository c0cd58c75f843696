package interpreter

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/control"
)

// FuzzLines has a device say anything: what comes of it is a reading as the
// protocol knows it, or ErrAnswer.
func FuzzLines(f *testing.F) {
	f.Add("Sending 121 {\"celsius\":21.5} ... no answer ... server says {\"status\":\"OK\"} :-)")
	f.Add("Sending 99999999999999999999 {} ... ")
	f.Add("Sending 1 {} ... \n :-(\n")
	f.Add("\ngreenhouse node 1.3, next SEQN is 7.")
	f.Add("\xff\x00 :-)")
	board, err := boards.Lookup("hobbyist")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, said string) {
		a := account{reading: board.Speech.Reading}
		for line := range strings.Lines(said) {
			if a.over {
				break
			}
			if err := a.line(line); err != nil {
				if !errors.Is(err, control.ErrAnswer) {
					t.Fatal(err)
				}
				return
			}
			if _, err := hello(board.Speech.Ready, line); err != nil && !errors.Is(err, control.ErrAnswer) {
				t.Fatal(err)
			}
		}
		if a.over && (!a.begun || a.sent.Outcome == "" || a.sent.SEQN > control.MaxSEQN || a.sent.Attempts < 1) {
			t.Errorf("%+v", a.sent)
		}
	})
}
