// Command fuzzrun runs every fuzz target of the module for the time given, as
// many at once as there are processors, and says which of them found
// something, or did not come to fuzzing in that time.
//
//	go run ./suites/fuzzrun 60s
package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"
)

func main() {
	span := 10 * time.Second
	if len(os.Args) > 1 {
		var err error
		if span, err = time.ParseDuration(os.Args[1]); err != nil || span <= 0 || len(os.Args) > 2 {
			fmt.Fprintf(os.Stderr, "fuzzrun: %q is no time for each target; write it as 30s or 2m\n", os.Args[1:])
			os.Exit(2)
		}
	}
	targets, err := list()
	if err != nil || len(targets) == 0 {
		fmt.Fprintln(os.Stderr, "fuzzrun: found no fuzz target:", err)
		os.Exit(3)
	}
	if red := runAll(targets, span); len(red) > 0 {
		fmt.Printf("%d of %d fuzz targets found something, or did not fuzz:\n  %s\n", len(red), len(targets), strings.Join(red, "\n  "))
		os.Exit(1)
	}
	fmt.Printf("%d fuzz targets, %s each: nothing found\n", len(targets), span)
}

// runAll runs the targets, one a processor, and returns those that are not clean.
func runAll(targets []target, span time.Duration) (red []string) {
	queue := make(chan target)
	var mu sync.Mutex
	done := 0
	var lanes sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		lanes.Go(func() {
			for t := range queue {
				r := t.run(span)
				mu.Lock()
				done++
				fmt.Printf("%2d/%d %-58s %s\n", done, len(targets), t, r.tally)
				if !r.clean {
					fmt.Printf("%s\n", r.output)
					red = append(red, t.String()+": "+r.tally)
				}
				mu.Unlock()
			}
		})
	}
	for _, t := range targets {
		queue <- t
	}
	close(queue)
	lanes.Wait()
	return red
}

type target struct{ pkg, name string }

func (t target) String() string {
	return strings.TrimPrefix(t.pkg, "github.com/espalier-hil/espalier/") + " " + t.name
}

// run fuzzes t for span. Left alone, go spends up to a minute on making an
// interesting input smaller, during which it tries nothing new.
func (t target) run(span time.Duration) result {
	cmd := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", span.String(),
		"-fuzzminimizetime", "100x", "-parallel", "1", t.pkg)
	out, err := cmd.CombinedOutput()
	return judge(t.name, string(out), err == nil, span)
}

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
