package main

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// result is what came of fuzzing one target.
type result struct {
	clean  bool
	tally  string // of a clean run: executions and new inputs
	output string
}

var (
	progress = regexp.MustCompile(`(?m)^fuzz: elapsed: \S+, (execs: \d+) \(\d+/sec\), (new interesting: \d+)`)
	verdict  = regexp.MustCompile(`(?m)^--- FAIL: (\w+) \((\d+\.\d+)s\)\n((?: {4}.*\n)*)`)
)

// judge says what a run of `go test -fuzz` means.
//
// Up to Go 1.26 such a run can fail without having found anything: its
// coordinator learns of the end of -fuzztime a moment before its workers do,
// and takes their end for an error (golang/go#75804). That looks like nothing
// else: the full time has passed, "context deadline exceeded" is all that
// failed, and no failing input is named. It is the only failure that counts as
// clean, and a target that executed nothing is never clean.
func judge(name, output string, ok bool, span time.Duration) result {
	r := result{output: output, tally: "found something"}
	counts := progress.FindAllStringSubmatch(output, -1)
	if len(counts) == 0 || counts[len(counts)-1][1] == "execs: 0" {
		r.tally = "did not fuzz"
		return r
	}
	if !ok && !expired(name, output, span) {
		return r
	}
	last := counts[len(counts)-1]
	r.clean, r.tally = true, last[1]+", "+last[2]
	return r
}

// expired tells whether a failed run failed of the end of its time alone.
func expired(name, output string, span time.Duration) bool {
	verdicts := verdict.FindAllStringSubmatch(output, -1)
	if len(verdicts) != 1 || verdicts[0][1] != name || strings.Contains(output, "Failing input") || strings.Contains(output, "panic:") {
		return false
	}
	seconds, err := strconv.ParseFloat(verdicts[0][2], 64)
	return err == nil && seconds >= span.Seconds() && strings.TrimSpace(verdicts[0][3]) == "context deadline exceeded"
}
