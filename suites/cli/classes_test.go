package cli_test

import (
	"encoding/xml"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rom"
)

// testcase is what the tests look at in a junit.xml.
type testcase struct {
	Failure    *note `xml:"failure"`
	Error      *note `xml:"error"`
	Properties []struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	} `xml:"properties>property"`
}

type note struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

func (c testcase) has(name, value string) bool {
	for _, p := range c.Properties {
		if p.Name == name && p.Value == value {
			return true
		}
	}
	return false
}

func junit(t *testing.T, dir string) []testcase {
	t.Helper()
	var doc struct {
		Cases []testcase `xml:"testsuite>testcase"`
	}
	p, err := os.ReadFile(dir + "/junit.xml")
	if err == nil {
		err = xml.Unmarshal(p, &doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	return doc.Cases
}

// poisoned has a run fail with each class. What is poisoned is the board, the
// port, the backend or this machine; never a result.
var poisoned = map[report.Class]func(t *testing.T, dir string) said{
	report.Nonconformant: runs("--labels REQ-SEQ-001 --server-program $BACKEND", "ESPALIER_FAULT=off-by-one"),
	report.Crash:         runs("--image $CRASHES"),
	report.ServerFailed:  runs("--server-program $BACKEND", "ESPALIER_FAULT=no such fault"),
	report.Unreachable:   runs("--server http://127.0.0.1:1 --admin-url http://127.0.0.1:1", "ESPALIER_ADMIN_TOKEN=x"),
	report.InfraPort:     runs("--port /dev/ttyNONE"),
	report.InfraBoot:     runs("--image $SPINS"),
	report.InfraCtr:      runs("--server container", "DOCKER_HOST=tcp://127.0.0.1:9"),
	report.Harness:       runs("--wire-addr 0.0.0.0:0"),
	report.InfraBoard: func(t *testing.T, dir string) said {
		return finish(t, espalier(t, dir, "run", "--server", "process", "--board", "esp-01", "--port", chip(t)))
	},
	report.InfraFlash: runsOn(refuse(rom.FlashData, 9, rom.BadReadBack), nil),
	report.InfraLink:  runsOn(hello(map[string]any{"links": []string{"carrier"}}), boots),
}

// runs returns what runs with flags, words apart, in an environment.
func runs(flags string, env ...string) func(*testing.T, string) said {
	return func(t *testing.T, dir string) said {
		words := strings.Fields(os.Expand(flags, func(name string) string {
			switch name {
			case "BACKEND":
				return program(t, "github.com/espalier-hil/espalier/suites/mutants/backend")
			case "CRASHES":
				return write(t, dir+"/crashes.bin", crashes)
			}
			return write(t, dir+"/spins.bin", spins)
		}))
		if !slices.Contains(words, "--server") {
			words = append(words, "--server", "process")
		}
		cmd := espalier(t, dir, append([]string{"run"}, words...)...)
		cmd.Env = append(os.Environ(), env...)
		return finish(t, cmd)
	}
}

// runsOn returns what runs on a board that is not as it should be.
func runsOn(change, letGo func(*fakeBoard)) func(*testing.T, string) said {
	return func(t *testing.T, dir string) said {
		b := plugIn(t, change)
		return b.serve(t, espalier(t, dir, "run", "--server", "process", "--board", "esp-01", "--port", b.port), letGo)
	}
}

// Each class has a run that fails with it: the exit code is the class's, both
// reports name it on every red result, and none but INFRA was tried again.
func TestEveryClass(t *testing.T) {
	for _, class := range report.Classes() {
		run, known := poisoned[class]
		if !known {
			t.Errorf("nothing here fails with %s", class)
			continue
		}
		t.Run(strings.ReplaceAll(string(class), "/", "-"), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			run(t, dir).wants(t, int(class.Code()))
			d := reported(t, dir+"/out/report")
			red, again := 0, 0
			for _, res := range d.Results {
				if res.Status != "fail" {
					continue
				}
				red++
				again += len(res.Attempts)
				if res.Class != string(class) {
					t.Errorf("%q is %s", res.ID, res.Class)
				}
				for _, a := range res.Attempts {
					if !report.Class(a.Class).Infra() || a.Message == "" {
						t.Errorf("%q was tried again after %+v", res.ID, a)
					}
				}
			}
			if d.Code != int(class.Code()) || red == 0 {
				t.Errorf("report.json says %d, with %d red", d.Code, red)
			}
			if (class == report.InfraBoot) != (again > 0) {
				t.Errorf("tried again %d times", again)
			}
			named := 0
			for _, c := range junit(t, dir+"/out/report") {
				if c.has("failure-class", string(class)) {
					named++
				}
				device := class == report.Nonconformant || class == report.Crash || class == report.ServerFailed
				if (c.Failure != nil) != (device && c.has("failure-class", string(class))) || c.Failure != nil && c.Failure.Type != string(class) {
					t.Errorf("junit.xml: %+v", c)
				}
			}
			if named != red {
				t.Errorf("junit.xml names the class %d times, report.json %d", named, red)
			}
		})
	}
	if len(poisoned) != len(report.Classes()) {
		t.Errorf("%d classes are shown, and there are %d", len(poisoned), len(report.Classes()))
	}
}
