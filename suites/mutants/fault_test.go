package mutants_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/suites/mutants"
	"github.com/espalier-hil/espalier/vectors"
)

// program builds one of the zoo's programs.
func program(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "build", "-o", path, "./"+name).CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", name, err, out)
	}
	return path
}

// probeOf returns what shows a fault. One that shows under one passphrase alone
// is shown by it.
func probeOf(f mutants.Fault) probe {
	if f.Passphrase != "" {
		return locked(f.Passphrase)
	}
	return probes[f.Name]
}

// Each fault is really there, and is not in the backend without a fault.
func TestFaultsShow(t *testing.T) {
	backend := program(t, "backend")
	right := start(t, backend)
	t.Run("faults", func(t *testing.T) {
		for _, f := range mutants.Faults {
			t.Run(f.Name, func(t *testing.T) {
				t.Parallel()
				look := probeOf(f)
				if look == nil {
					t.Fatal("nothing shows it")
				}
				saw := look(start(t, backend, "--fault", f.Name))
				if saw == "" {
					t.Errorf("does not show")
				}
				t.Log(saw)
				healthy := &bench{t, right.server}
				if alone(f) {
					healthy = start(t, backend)
				}
				if saw := look(healthy); saw != "" {
					t.Errorf("shows without the fault: %s", saw)
				}
			})
		}
	})
}

// alone reports whether a probe ends the backend, or is disturbed by others.
func alone(f mutants.Fault) bool {
	return f.Hook == mutants.Restart || f.Hook == mutants.Kill || f.Name == "slow-after-padding" || f.Name == "crashes-on-empty-object" || f.Req == "REQ-SEQ-004"
}

// Backends that are right show no fault that their profiles know of.
func TestRightsShowNothing(t *testing.T) {
	right := program(t, "right")
	for _, r := range mutants.Rights {
		t.Run(r.Name, func(t *testing.T) {
			shared := start(t, right, "--kind", r.Name)
			t.Run("probes", func(t *testing.T) {
				for _, f := range mutants.Faults {
					if !slices.Contains(r.Profiles, f.Profile) || f.Req == "REQ-SQN-001" {
						continue // resync is optional
					}
					t.Run(f.Name, func(t *testing.T) {
						t.Parallel()
						b := &bench{t, shared.server}
						if alone(f) {
							b = start(t, right, "--kind", r.Name)
						}
						if saw := probeOf(f)(b); saw != "" {
							t.Error(saw)
						}
					})
				}
			})
		})
	}
}

// knows fails unless a program lists the names registered, each once.
func knows(t *testing.T, name string, registered []string) {
	t.Helper()
	out, err := exec.Command("go", "run", "./"+name, "--list").Output()
	if err != nil {
		t.Fatal(err)
	}
	known, want := strings.Fields(string(out)), slices.Sorted(slices.Values(registered))
	slices.Sort(known)
	if !slices.Equal(known, want) {
		t.Errorf("%s knows\n%q, registered are\n%q", name, known, want)
	}
	if len(slices.Compact(want)) != len(registered) {
		t.Errorf("%s: a name is registered twice", name)
	}
}

// The register and the programs know the same faults and the same kinds.
func TestFaultsAreTheProgramsOwn(t *testing.T) {
	var registered, kinds []string
	for _, f := range mutants.Faults {
		registered = append(registered, f.Name)
	}
	for _, r := range mutants.Rights {
		kinds = append(kinds, r.Name)
	}
	knows(t, "backend", registered)
	knows(t, "right", kinds)
	for name := range probes {
		if !slices.Contains(registered, name) {
			t.Errorf("%s is looked for and not registered", name)
		}
	}
	for _, m := range mutants.Zoo {
		if m.Backend && !slices.Contains(registered, m.Name) {
			t.Errorf("the device suite kills %s, which is not registered", m.Name)
		}
	}
}

// Each fault breaks a requirement of the register, and is to be found in the
// first profile that demands it.
func TestFaultsBreakRequirements(t *testing.T) {
	reg, err := vectors.Requirements()
	if err != nil {
		t.Fatal(err)
	}
	text, err := vectors.Files.ReadFile("dialects.json")
	if err != nil {
		t.Fatal(err)
	}
	dialects, err := vectors.ParseDialects(text)
	if err != nil {
		t.Fatal(err)
	}
	first := func(r vectors.Requirement, levels ...string) string {
		i := slices.IndexFunc(vectors.Profiles, func(p string) bool { return slices.Contains(levels, r.Levels[p]) })
		if i < 0 {
			return ""
		}
		return vectors.Profiles[i]
	}
	for _, f := range mutants.Faults {
		r, known := reg[f.Req]
		want := first(r, "MUST")
		if want == "" {
			want = first(r, "SHOULD", "MAY")
		}
		if !known || f.Profile != want {
			t.Errorf("%s breaks %s, in profile %q, want %q", f.Name, f.Req, f.Profile, want)
		}
		if d, known := dialects[f.Dialect]; f.Dialect != "" && (!known || !slices.Contains(d.Reqs, f.Req)) {
			t.Errorf("%s is called %q, which is no dialect that breaks %s", f.Name, f.Dialect, f.Req)
		}
		if f.Did == "" || strings.ToLower(f.Name) != f.Name || strings.ContainsAny(f.Name, " _.") {
			t.Errorf("%q, %q: want a slug and what was done", f.Name, f.Did)
		}
	}
}
