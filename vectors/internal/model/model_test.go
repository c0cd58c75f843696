package model_test

import (
	"errors"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/internal/model"
)

func broken(suite *vectors.Suite) model.Broken {
	return func(id string) (bool, error) {
		f, known := suite.Find(id)
		if !known {
			return false, errors.New("no such test: " + id)
		}
		return f.Test.Common().Result == vectors.Invalid, nil
	}
}

// The committed histories are what the rules give; and each of them, with one
// expectation turned round at any of its steps, is not.
func TestConfirm(t *testing.T) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, test := range vectors.Of[*vectors.SequenceTest](suite) {
		if err := model.Confirm(test, broken(suite)); err != nil {
			t.Error(err)
		}
		for i := range test.Steps {
			wrong := *test
			wrong.Steps = append([]vectors.Step(nil), test.Steps...)
			s := &wrong.Steps[i]
			for _, change := range []func(){
				func() { s.Status = map[string]string{"OK": "NOT OK", "NOT OK": "OK"}[s.Status] },
				func() { s.Next += "0" },
				func() { s.Missing = "7777777" },
			} {
				*s = test.Steps[i]
				if change(); model.Confirm(&wrong, broken(suite)) == nil {
					t.Errorf("%s, step %d: %+v is confirmed", test.ID, i, *s)
				}
			}
			n++
		}
	}
	if n < 200 {
		t.Errorf("only %d steps", n)
	}
}

func TestConfirmRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		step vectors.Step
	}{
		{"a replay of what was not sent yet", vectors.Step{Send: vectors.Send{ReplayOf: new(int)}, Status: "NOT OK"}},
		{"a number that is none", vectors.Step{Send: vectors.Send{Device: "a", SEQN: "x"}, Status: "NOT OK"}},
		{"a limit at a refusal", vectors.Step{Send: vectors.Send{Device: "z", SEQN: "1"}, Status: "NOT OK", Limit: "why"}},
	} {
		test := &vectors.SequenceTest{Initial: map[string]string{"a": "1"}, Steps: []vectors.Step{tt.step}}
		if err := model.Confirm(test, nil); !errors.Is(err, model.ErrDisagree) {
			t.Errorf("%s: %v, want ErrDisagree", tt.name, err)
		}
	}
}
