package mutants_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/mutants"
)

// lab builds what the zoo needs, once.
func lab(t *testing.T) mutants.Lab {
	t.Helper()
	dir := t.TempDir()
	l := mutants.Lab{Espalier: filepath.Join(dir, "espalier"), Backend: filepath.Join(dir, "backend"), Firmware: "../../boards/firmware", Dir: dir}
	for path, pkg := range map[string]string{l.Espalier: "../..", l.Backend: "./backend"} {
		if out, err := exec.Command("go", "build", "-o", path, pkg).CombinedOutput(); err != nil {
			t.Fatalf("go build %s: %v\n%s", pkg, err, out)
		}
	}
	return l
}

func TestEveryMutantIsKilled(t *testing.T) {
	l := lab(t)
	t.Run("no fault, no red", func(t *testing.T) {
		run, err := l.Run(t.Context(), "control", []string{"ESPALIER_FAULT="}, "--server-program", l.Backend)
		if err != nil {
			t.Fatal(err)
		}
		for _, res := range run.Results {
			if res.Status != report.Pass {
				t.Errorf("%s: %s: %s", res.Status, res.ID, res.Message)
			}
		}
		if len(run.Results) < 30 {
			t.Errorf("only %d specs ran", len(run.Results))
		}
	})
	zoo := mutants.Zoo
	if _, err := exec.LookPath("xtensa-lx106-elf-gcc"); err != nil {
		zoo = slices.DeleteFunc(slices.Clone(zoo), func(m mutants.Mutant) bool { return !m.Backend })
		t.Run("firmware", func(t *testing.T) { need.Tool(t, "xtensa-lx106-elf-gcc") })
	}
	verdicts := l.KillAll(t.Context(), zoo)
	for _, v := range verdicts {
		t.Run(v.String(), func(t *testing.T) {
			if v.Err != nil {
				t.Fatal(v.Err)
			}
		})
	}
	t.Logf("the kill matrix\n%s", mutants.Matrix(verdicts))
}

// Every fault that can be planted in the firmware is in the zoo.
func TestNoFaultIsLeftOutOfTheZoo(t *testing.T) {
	p, err := os.ReadFile("../../boards/firmware/core/faults.h")
	if err != nil {
		t.Fatal(err)
	}
	faults := regexp.MustCompile(`(?m)^\t(FAULT_[A-Z0-9_]+), *// `).FindAllStringSubmatch(string(p), -1)
	if len(faults) < 15 {
		t.Errorf("only %d faults of the firmware", len(faults))
	}
	for _, fault := range faults {
		if !slices.ContainsFunc(mutants.Zoo, func(m mutants.Mutant) bool { return m.Name == fault[1] && m.Board == "" }) {
			t.Errorf("%s is in no mutant of the zoo", fault[1])
		}
	}
}

// The matrix names what killed each mutant, and shouts where nothing did.
func TestMatrix(t *testing.T) {
	got := mutants.Matrix([]mutants.Verdict{
		{Mutant: mutants.Mutant{Name: "one", Kills: "A spec", Req: "REQ-X-001"}, Red: []string{"A spec that is red", "Another"}},
		{Mutant: mutants.Mutant{Board: "hobbyist", Name: "two", Kills: "A spec", Req: "REQ-X-002"}, Err: mutants.ErrSurvived},
	})
	for _, want := range []string{"one", "REQ-X-001", "A spec that is red, and 1 more", "hobbyist-two", "SURVIVES", "1 of 2 mutants are killed"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// A claim that is wrong is noticed: the zoo cannot vouch for itself.
func TestClaimsAreChecked(t *testing.T) {
	l := lab(t)
	healthy := mutants.Mutant{Name: "", Backend: true, Kills: "A replayed envelope", Req: "REQ-SEQ-001"}
	if _, err := l.Kill(t.Context(), healthy); !errors.Is(err, mutants.ErrSurvived) {
		t.Errorf("a backend without a fault: %v, want ErrSurvived", err)
	}
	wrong := mutants.Mutant{Name: "misses-gaps", Backend: true, Kills: "A replayed envelope is refused at once", Req: "REQ-SEQ-001"}
	if _, err := l.Kill(t.Context(), wrong); !errors.Is(err, mutants.ErrWrongSpec) {
		t.Errorf("a claim that is wrong: %v, want ErrWrongSpec", err)
	}
}
