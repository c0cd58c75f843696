package vectors_test

import (
	"errors"
	"os"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
)

// FuzzParseRegister reads anything as a register: a whole one, or ErrRegister.
func FuzzParseRegister(f *testing.F) {
	if p, err := os.ReadFile("requirements.json"); err == nil {
		f.Add(p)
	}
	f.Add([]byte(`{"requirements":[{"id":"REQ-A-001"}]}`))
	f.Add([]byte(`{"requirements":[]} {}`))
	f.Fuzz(func(t *testing.T, p []byte) {
		reg, err := vectors.ParseRegister(p)
		if err != nil {
			if reg != nil || !errors.Is(err, vectors.ErrRegister) {
				t.Fatalf("%v beside %v", reg, err)
			}
			return
		}
		if len(reg) == 0 {
			t.Fatal("an empty register")
		}
		for id, r := range reg {
			if r.ID != id || r.Level() == "" || r.Text == "" {
				t.Errorf("%s: %+v", id, r)
			}
		}
	})
}
