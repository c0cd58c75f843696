package vectors_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
)

// ledger returns one that is up to date, released or not, and the files.
func ledger(t *testing.T, release bool) (*vectors.Ledger, []*vectors.File) {
	t.Helper()
	text, err := os.ReadFile("kdf.json")
	if err != nil {
		t.Fatal(err)
	}
	file, err := vectors.Parse("kdf", text)
	if err != nil {
		t.Fatal(err)
	}
	l := &vectors.Ledger{}
	if err := l.Update([]*vectors.File{file}); err != nil {
		t.Fatal(err)
	}
	if release {
		l.Release("1.0.0")
	}
	return l, []*vectors.File{file}
}

func TestLedger(t *testing.T) {
	for _, release := range []bool{false, true} {
		l, files := ledger(t, release)
		again, err := vectors.ParseLedger(l.Text())
		if err != nil || string(again.Text()) != string(l.Text()) {
			t.Fatalf("released %t: %v\n%s", release, err, again.Text())
		}
		if err := again.Update(files); err != nil || string(again.Text()) != string(l.Text()) {
			t.Errorf("released %t: an update without a change changes it: %v", release, err)
		}
		test := files[0].Groups[0].Tests[0].(*vectors.KDFTest)
		if _, released, ok := again.Find(test.ID); !ok || released != release {
			t.Errorf("%s: found %t, released %t", test.ID, ok, released)
		}

		test.Comment, test.Flags = "said better", nil
		if err := again.Update(files); err != nil || string(again.Text()) != string(l.Text()) {
			t.Errorf("released %t: a better text is a change: %v", release, err)
		}
		test.KeyHex = strings.Repeat("00", 32)
		if err := again.Update(files); (err != nil) != release || release && !errors.Is(err, vectors.ErrLedger) {
			t.Errorf("released %t: another expectation: %v", release, err)
		}
		files[0].Groups[0].Tests = files[0].Groups[0].Tests[1:]
		if err := again.Update(files); (err != nil) != release {
			t.Errorf("released %t: a test is gone: %v", release, err)
		}
		files[0].Retired = []vectors.Retired{{ID: test.ID, In: "2.0.0", Why: "wrong"}}
		if err := again.Update(files); err != nil {
			t.Errorf("released %t: a retired test: %v", release, err)
		}
	}
}

func TestParseLedgerRefuses(t *testing.T) {
	l, _ := ledger(t, true)
	good := string(l.Text())
	for name, text := range map[string]string{
		"a published line that is gone":    good[strings.Index(good, "\n")+1:],
		"a published line that is changed": strings.Replace(good, "kdf/", "kdg/", 1),
		"an id twice":                      strings.Repeat(good[:strings.Index(good, "\n")+1], 2),
		"something else":                   good + "hello\n",
	} {
		if _, err := vectors.ParseLedger([]byte(text)); !errors.Is(err, vectors.ErrLedger) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
