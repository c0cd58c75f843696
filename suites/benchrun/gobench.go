package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// suite is one call of `go test -bench`.
type suite struct {
	pkg, pattern string
	needs        string // what a machine lacks that does not print the metrics
	metrics      []metric
}

// metric is one number that a benchmark prints.
type metric struct{ bench, unit, what, format, bound string }

var suites = []suite{
	{"./reference-server/envelope", "Open", "gcc and libssl-dev", []metric{
		{"BenchmarkOpen/value", "ns/op", "open one message, alone", "%.0f ns/op", ""},
		{"BenchmarkOpen/value", "allocs/op", "    its allocations", "%.0f allocs/op", ""},
		{"BenchmarkOpenBesideLibcrypto/value", "go-ns", "open one message, beside libcrypto", "%.0f ns/op", ""},
		{"BenchmarkOpenBesideLibcrypto/value", "libcrypto-ns", "    the same in C with libcrypto, by turns", "%.0f ns/op", ""},
		{"BenchmarkOpenBesideLibcrypto/value", "ratio", "    median of the ratios", "%.2f", "<= 1.2"},
		{"BenchmarkOpenBesideLibcrypto/512", "ratio", "    the same for 512 characters of data", "%.2f", ""},
	}},
	{"./boards/virtual/lx106", "MD5", "gcc-xtensa-lx106", []metric{
		{"BenchmarkMD5", "MIPS", "virtual CPU, MD5 compiled by gcc", "%.0f MIPS", ">= 80"},
	}},
}

// run returns the metrics by benchmark and unit.
func (s suite) run(ctx context.Context) (map[string]map[string]float64, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", s.pattern, s.pkg)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("benchmarks of %s: %w\n%s", s.pkg, err, out)
	}
	return parse(string(out)), nil
}

// parse reads the lines of `go test -bench`: name, count, then pairs of value
// and unit. The number of processors at the end of the name is dropped.
func parse(out string) map[string]map[string]float64 {
	values := map[string]map[string]float64{}
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := fields[0]
		if i := strings.LastIndexByte(name, '-'); i > 0 {
			name = name[:i]
		}
		values[name] = map[string]float64{}
		for i := 2; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				values[name][fields[i+1]] = v
			}
		}
	}
	return values
}
