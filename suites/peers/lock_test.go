package peers_test

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"
)

// What the peers run on is fixed to the byte, wherever it is fetched from: exact
// versions, a digest for each package, and no host's name.
func TestLockFile(t *testing.T) {
	var manifest struct{ Dependencies, OptionalDependencies, Overrides map[string]string }
	var lock struct {
		Packages map[string]struct {
			Version, Integrity, Resolved string
			InBundle                     bool // inside its owner's package, and under that one's digest
		}
	}
	for name, into := range map[string]any{"package.json": &manifest, "package-lock.json": &lock} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	exact := regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	for _, list := range []map[string]string{manifest.Dependencies, manifest.OptionalDependencies, manifest.Overrides} {
		if len(list) == 0 {
			t.Error("a list of package.json is empty")
		}
		for name, version := range list {
			if locked := lock.Packages["node_modules/"+name].Version; !exact.MatchString(version) || locked != version {
				t.Errorf("%s is wanted as %s and locked as %s", name, version, locked)
			}
		}
	}
	for path, p := range lock.Packages {
		if path != "" && p.Integrity == "" && !p.InBundle {
			t.Errorf("%s has no digest", path)
		}
		if p.Resolved != "" {
			t.Errorf("%s names its registry", path)
		}
	}
}
