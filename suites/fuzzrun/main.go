// Command fuzzrun runs every fuzz target of the module, one after another, for
// the time given, and stops at the first that finds something.
//
//	go run ./suites/fuzzrun 60s
package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

func main() {
	span := "10s"
	if len(os.Args) > 1 {
		span = os.Args[1]
	}
	targets, err := list()
	if err != nil || len(targets) == 0 {
		fmt.Fprintln(os.Stderr, "fuzzrun: found no fuzz target:", err)
		os.Exit(3)
	}
	for i, t := range targets {
		fmt.Printf("%2d/%d %s %s\n", i+1, len(targets), t.pkg, t.name)
		cmd := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", span, t.pkg)
		out, err := cmd.CombinedOutput()
		if err != nil {
			fmt.Printf("%s\nfuzzrun: %s %s: %v\n", out, t.pkg, t.name, err)
			os.Exit(1)
		}
	}
	fmt.Printf("%d fuzz targets, %s each: nothing found\n", len(targets), span)
}

type target struct{ pkg, name string }

// list asks each test binary for its fuzz targets; `go test -list` prints the
// names first and the package's line after them.
func list() ([]target, error) {
	out, err := exec.Command("go", "test", "-list", "^Fuzz", "./...").Output()
	if err != nil {
		return nil, err
	}
	var targets []target
	var names []string
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		switch {
		case len(fields) == 1 && strings.HasPrefix(line, "Fuzz"):
			names = append(names, fields[0])
		case len(fields) > 1 && (fields[0] == "ok" || fields[0] == "?"):
			for _, name := range names {
				targets = append(targets, target{fields[1], name})
			}
			names = nil
		}
	}
	return targets, nil
}
