package main

import (
	"testing"
	"time"
)

const ran = "fuzz: elapsed: 6s, execs: 70215 (0/sec), new interesting: 5 (total: 160)\n"

func TestJudge(t *testing.T) {
	for _, tt := range []struct {
		name, output string
		ok, clean    bool
	}{
		{"nothing found", ran + "PASS\n", true, true},
		{"no more than the end of its time",
			ran + "--- FAIL: FuzzX (6.03s)\n    context deadline exceeded\nFAIL\nexit status 1\n", false, true},
		{"the same before its time",
			ran + "--- FAIL: FuzzX (2.03s)\n    context deadline exceeded\nFAIL\n", false, false},
		{"of another target",
			ran + "--- FAIL: FuzzY (6.03s)\n    context deadline exceeded\nFAIL\n", false, false},
		{"the same words from a failing input",
			ran + "--- FAIL: FuzzX (6.03s)\n    --- FAIL: FuzzX (0.00s)\n        x_test.go:9: context deadline exceeded\n    \n    Failing input written to testdata/fuzz/FuzzX/1\n", false, false},
		{"more than the end of its time",
			ran + "--- FAIL: FuzzX (6.03s)\n    context deadline exceeded\n    fuzzing process hung\nFAIL\n", false, false},
		{"a panic", ran + "panic: boom\n--- FAIL: FuzzX (6.03s)\n    context deadline exceeded\n", false, false},
		{"a build that failed", "# x\nx.go:1: syntax error\n", false, false},
		{"a run that executed nothing", "fuzz: elapsed: 6s, execs: 0 (0/sec), new interesting: 0 (total: 0)\nPASS\n", true, false},
		{"a package without the target", "testing: warning: no fuzz tests to fuzz\nPASS\n", true, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if r := judge("FuzzX", tt.output, tt.ok, 6*time.Second); r.clean != tt.clean {
				t.Errorf("clean is %v (%s), want %v", r.clean, r.tally, tt.clean)
			}
		})
	}
}

func TestTallyOfACleanRun(t *testing.T) {
	if r := judge("FuzzX", ran+"PASS\n", true, time.Second); r.tally != "execs: 70215, new interesting: 5" {
		t.Errorf("tally %q", r.tally)
	}
}
