package page_test

import (
	"os"
	"testing"

	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/page"
)

func TestTry(t *testing.T) {
	for _, n := range []string{"ref", "node"} {
		d, err := evidence.Read("/tmp/pagework/" + n + "/report.json")
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Create("/tmp/pagework/" + n + "/report.html")
		if err != nil {
			t.Fatal(err)
		}
		if err := page.Conformance(f, d.Run); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}
