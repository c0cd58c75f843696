package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// JUnit returns junit.xml. What device or backend did wrong is a failure, what
// kept the harness from judging them is an error. The evidence grade is part of
// each class name, so that no dashboard shows a virtual result as hardware.
func (r *Run) JUnit() ([]byte, error) {
	clean := r.redacted()
	suite := Suite{Name: "espalier", Started: r.Started, Took: r.elapsed(), Properties: clean.properties()}
	for _, res := range clean.Results {
		suite.Cases = append(suite.Cases, clean.testcase(res))
	}
	return suite.XML()
}

func (r *Run) properties() []Property {
	props := []Property{
		{"version", r.Version},
		{"evidence-grade", r.Grade().String()},
		{"exit-code", strconv.Itoa(int(r.Code()))},
		{"seed", strconv.FormatUint(r.Seed, 10)},
		{"board", r.Board.Name},
		{"board-mac", r.Board.MAC},
		{"firmware-digest", r.Firmware.Digest},
		{"server-mode", r.Server.Mode},
		{"server-image", r.Server.Image},
	}
	if rom := r.Board.ROM; rom != nil {
		props = append(props, Property{"board-rom-sha256", rom.SHA256}, Property{"board-rom", rom.What})
	}
	for _, m := range r.Measurements {
		props = append(props, Property{m.Name, strings.TrimSpace(number(m.Value) + " " + m.Unit)})
	}
	return props
}

func (r *Run) testcase(res Result) Case {
	grade := r.Board.Believed(res.Grade).String()
	c := Case{Class: "espalier." + grade, Name: res.ID, Took: res.Duration}
	for _, id := range res.Requirements {
		c.Properties = append(c.Properties, Property{"requirement", id})
	}
	c.Properties = append(c.Properties, Property{"evidence-grade", grade}, Property{"server-mode", r.Server.Mode})
	if len(res.Attempts) > 0 {
		c.Properties = append(c.Properties, Property{"attempts", strconv.Itoa(len(res.Attempts) + 1)})
	}
	for i, a := range res.Attempts {
		c.Out += fmt.Sprintf("attempt %d: %s: %s\n", i+1, a.Class, a.Message)
	}
	switch res.Status {
	case Pass:
	case Skip:
		c.Skipped = &Note{Message: res.Message}
	default:
		class := res.class()
		c.Properties = append(c.Properties, Property{"failure-class", string(class)})
		for _, line := range res.Crash {
			c.Properties = append(c.Properties, Property{"crash", line})
		}
		note := &Note{Message: res.Message, Type: string(class), Text: strings.Join(r.details(res), "\n")}
		if class == Nonconformant || class == Crash || class == ServerFailed {
			c.Failure = note
		} else {
			c.Error = note
		}
	}
	return c
}

// elapsed returns how long the run took, or 0 while it runs.
func (r *Run) elapsed() time.Duration {
	if r.Finished.IsZero() {
		return 0
	}
	return r.Finished.Sub(r.Started)
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
