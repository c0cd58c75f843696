package envelope_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// benchPassphrase has the length of the original's, 32 characters.
const benchPassphrase = "2B7E151628AED2A6ABF7158809CF4F3C"

// benchMessages are the message of the protocol's example, for which the goal is
// set, and a longer one. There the AES blocks weigh more, of which OpenSSL has
// eight in the pipeline at once and crypto/aes one; its bound is what was
// measured, and some room, and is there to notice when Open gets slower.
var benchMessages = []struct {
	name     string
	data     string
	maxRatio float64 // how much longer than libcrypto, called from C, Open may take
}{
	{"value", `{"value":300}`, 1.2},
	{"512", `"` + strings.Repeat("x", 510) + `"`, 2},
}

func benchMessage(data string) string {
	return envelope.Seal(benchPassphrase, knownSalt, []byte(`{"data":`+data+`,"SEQN":121}`))
}

// BenchmarkOpen is the whole way of a message: base64, key derivation, AES,
// base64, JSON. Bytes are those of the envelope.
func BenchmarkOpen(b *testing.B) {
	for _, m := range benchMessages {
		b.Run(m.name, func(b *testing.B) {
			msg := benchMessage(m.data)
			b.ReportAllocs()
			b.SetBytes(int64(len(msg)))
			for b.Loop() {
				if _, err := envelope.Open(benchPassphrase, msg); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkOpenBesideLibcrypto opens the same message with Open and with
// testdata/libcrypto.c by turns, in rounds of some 10 ms, so that whatever
// slows the machine slows both. It reports the medians of the rounds and of
// their ratios, and fails if the ratio is above the message's bound.
func BenchmarkOpenBesideLibcrypto(b *testing.B) {
	gcc := need.Tool(b, "gcc")
	need.File(b, "/usr/include/openssl/evp.h", "Debian's libssl-dev")
	program := filepath.Join(b.TempDir(), "libcrypto")
	if out, err := exec.Command(gcc, "-O2", "-Wall", "-Werror", "-o", program, "testdata/libcrypto.c", "-lcrypto").CombinedOutput(); err != nil {
		b.Fatalf("gcc: %v\n%s", err, out)
	}
	for _, m := range benchMessages {
		b.Run(m.name, func(b *testing.B) {
			msg := benchMessage(m.data)
			inC := startLibcrypto(b, program, msg)
			inGo := func(n int) time.Duration {
				start := time.Now()
				for range n {
					if r, err := envelope.Open(benchPassphrase, msg); err != nil || r.SEQN != 121 {
						b.Fatalf("Open = %d, %v", r.SEQN, err)
					}
				}
				return time.Since(start)
			}
			allocs := testing.AllocsPerRun(1000, func() { inGo(1) })
			const n = 5000
			inGo(n) // warm both
			inC(n)

			var goNS, cNS, ratios []float64
			for b.Loop() {
				g, c := inGo(n), inC(n)
				goNS = append(goNS, float64(g.Nanoseconds())/n)
				cNS = append(cNS, float64(c.Nanoseconds())/n)
				ratios = append(ratios, float64(g)/float64(c))
			}
			b.ReportMetric(0, "ns/op") // the time of a round says nothing
			b.ReportMetric(median(goNS), "go-ns")
			b.ReportMetric(median(cNS), "libcrypto-ns")
			b.ReportMetric(median(ratios), "ratio")
			b.ReportMetric(allocs, "go-allocs")
			if r := median(ratios); r > m.maxRatio {
				b.Errorf("Open takes %.2f times what libcrypto takes (%.0f and %.0f ns); the bound is %.1f", r, median(goNS), median(cNS), m.maxRatio)
			}
		})
	}
}

func startLibcrypto(b *testing.B, program, msg string) func(n int) time.Duration {
	c := exec.Command(program, benchPassphrase, msg)
	in, err := c.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		if err := c.Wait(); err != nil {
			b.Errorf("libcrypto: %v", err)
		}
	})
	return func(n int) time.Duration {
		var ns, seqn int64
		fmt.Fprintln(in, n)
		if _, err := fmt.Fscan(out, &ns, &seqn); err != nil || seqn != 121 {
			b.Fatalf("libcrypto: SEQN %d, %v", seqn, err)
		}
		return time.Duration(ns)
	}
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
