package vectors_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
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

// What is committed is what OpenSSL says today, to the byte.
func TestDeviceTestsAreGenerated(t *testing.T) {
	need.Tool(t, "openssl")
	dir := t.TempDir()
	if out, err := exec.Command("go", "run", "./internal/gen", dir).CombinedOutput(); err != nil {
		t.Fatalf("gen: %v\n%s", err, out)
	}
	got, err := os.ReadFile(filepath.Join(dir, "device", "seal.json"))
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile("device/seal.json")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(committed) {
		t.Error("device/seal.json is not what gen makes; run make vectors and look at the difference")
	}
}
