package mutants_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
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
	for _, v := range l.KillAll(t.Context(), zoo) {
		t.Run(v.Name, func(t *testing.T) {
			if v.Err != nil {
				t.Fatal(v.Err)
			}
			t.Logf("%s (%s) is killed by %q, and %d more turn red", v.Name, v.Req, v.Kills, len(v.Red)-1)
		})
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
