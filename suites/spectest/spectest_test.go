package spectest_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/gomega"

	"github.com/espalier-hil/espalier/suites/spectest"
)

// specs are the specs of the process that this test starts.
const specs = "ESPALIER_SPECTEST"

// What passes is green, and everything else is red, each by its own name.
func TestRun(t *testing.T) {
	for which, want := range map[string][]string{
		"good":    {"--- PASS: TestSpecs/A_spec_that_passes", "2 ran\n"},
		"failing": {"--- PASS: TestSpecs/A_spec_that_passes", "--- FAIL: TestSpecs/A_spec_that_does_not", "5 is not 4"},
		"skipped": {"--- PASS: TestSpecs/A_spec_that_passes", "--- FAIL: TestSpecs/A_spec_that_is_left_out", "no reason"},
		"none":    {"--- FAIL: TestSpecs"},
	} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.v", "-test.run", "^TestSpecs$")
		cmd.Env = append(os.Environ(), specs+"="+which)
		said, err := cmd.CombinedOutput()
		if (err == nil) != (which == "good") {
			t.Errorf("%s: %v", which, err)
		}
		for _, line := range want {
			if !strings.Contains(string(said), line) {
				t.Errorf("%s: it does not say %q:\n%s", which, line, said)
			}
		}
	}
}

func TestSpecs(t *testing.T) {
	which := os.Getenv(specs)
	if which == "" {
		return // this is the process that starts the others
	}
	if which != "none" {
		ginkgo.Describe("A spec", func() {
			ginkgo.It("that passes", func() {})
			switch which {
			case "good":
				ginkgo.It("that passes too", func() {})
			case "failing":
				ginkgo.It("that does not", func() { gomega.Expect(5).To(gomega.Equal(4), "5 is not 4") })
			case "skipped":
				ginkgo.It("that is left out", func() { ginkgo.Skip("no reason") })
			}
		})
	}
	t.Log(spectest.Run(t, "Specs"), "ran")
}
