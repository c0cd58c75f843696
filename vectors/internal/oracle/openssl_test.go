package oracle

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/vectors"
)

// openssl runs OpenSSL's command line on input. stderr is in the error.
type openssl func(input []byte, args ...string) ([]byte, error)

func needOpenSSL(t *testing.T) openssl {
	t.Helper()
	program := need.Tool(t, "openssl")
	return func(input []byte, args ...string) ([]byte, error) {
		var stderr bytes.Buffer
		c := exec.CommandContext(t.Context(), program, args...)
		c.Stdin, c.Stderr = bytes.NewReader(input), &stderr
		out, err := c.Output()
		if err != nil {
			return out, fmt.Errorf("openssl %q: %w: %s", args, err, bytes.TrimSpace(stderr.Bytes()))
		}
		return out, nil
	}
}

// derivation is a question to derive.
type derivation struct{ passphraseHex, saltHex string }

// derive returns key ‖ IV of each, in hex, by a chain of openssl dgst -md5, which
// takes every byte; -pass would end at a NUL or at a newline. One process does a
// link of all chains.
func (run openssl) derive(t *testing.T, list []derivation) []string {
	t.Helper()
	dir := t.TempDir()
	args := []string{"dgst", "-md5", "-r"}
	for i := range list {
		args = append(args, filepath.Join(dir, strconv.Itoa(i)))
	}
	all, last := make([]string, len(list)), make([]string, len(list))
	for range 3 {
		for i, d := range list {
			if err := os.WriteFile(args[3+i], unhex(last[i]+d.passphraseHex+d.saltHex), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		out, err := run(nil, args...)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if len(lines) != len(list) {
			t.Fatalf("openssl dgst: %d digests of %d files", len(lines), len(list))
		}
		for i, line := range lines {
			last[i], _, _ = strings.Cut(line, " ")
			all[i] += last[i]
		}
	}
	return all
}

// each calls f with every index below n, as many at once as there are cores.
func each(n int, f func(i int)) {
	var workers sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}

// TestKDFOpenSSL has every derivation confirmed by OpenSSL.
func TestKDFOpenSSL(t *testing.T) {
	run := needOpenSSL(t)
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	var tests []*vectors.KDFTest
	var list []derivation
	for _, test := range vectors.Of[*vectors.KDFTest](suite) {
		tests, list = append(tests, test), append(list, derivation{test.PassphraseHex, test.SaltHex})
	}
	for i, got := range run.derive(t, list) {
		if got != tests[i].KeyHex+tests[i].IVHex {
			t.Errorf("%s: openssl derives %s", tests[i].ID, got)
		}
	}
	confirmed(t, "openssl", len(tests), "derivations")
}

// unhex returns the bytes of hex, which a loader or OpenSSL has written.
func unhex(text string) []byte {
	b, err := hex.DecodeString(text)
	if err != nil {
		panic("oracle: internal error: no hex: " + err.Error())
	}
	return b
}

// confirmed logs the line that make vectors shows.
func confirmed(t *testing.T, oracle string, n int, what string) {
	t.Helper()
	if !t.Failed() {
		t.Logf("%-9s %4d %s", oracle, n, what)
	}
}
