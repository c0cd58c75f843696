package main

import "testing"

func TestParse(t *testing.T) {
	got := parse("goos: linux\nBenchmarkOpen/value-2   \t 1038060\t      1185 ns/op\t  74.27 MB/s\t     592 B/op\t       2 allocs/op\nok  \tpkg\t5.5s\n")
	if v := got["BenchmarkOpen/value"]; v["ns/op"] != 1185 || v["allocs/op"] != 2 || len(got) != 1 {
		t.Errorf("%v", got)
	}
}
