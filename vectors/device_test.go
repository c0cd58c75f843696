package vectors_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
)

func TestDeviceTests(t *testing.T) {
	tests, err := vectors.DeviceTests()
	if err != nil {
		t.Fatal(err)
	}
	const want = "U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw=="
	if tests[0].Msg != want {
		t.Errorf("%s: %s, want the known answer of PROTOCOL.md", tests[0].ID, tests[0].Msg)
	}
}

// What is committed is what gen makes today, to the byte.
func TestGenerated(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"requirements.json", "dialects.json", "ledger.txt"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("go", "run", "./internal/gen", dir).CombinedOutput(); err != nil {
		t.Fatalf("gen: %v\n%s", err, out)
	}
	files := []string{"ledger.txt", "MATRIX.md", "SUITE.json", "poison.json"}
	for _, name := range vectors.Names {
		files = append(files, name+".json")
	}
	for _, name := range files {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		committed, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(committed) {
			t.Errorf("%s is not what gen makes; run make vectors and look at the difference", name)
		}
	}
}
