package report

import (
	"encoding/xml"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// The elements of junit.xml that Jenkins, GitLab, GitHub's reporters and Azure
// have in common, in the order that Surefire's schema asks for.
type (
	junitSuites struct {
		XMLName xml.Name `xml:"testsuites"`
		junitCounts
		Suite junitSuite `xml:"testsuite"`
	}
	junitCounts struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Time     string `xml:"time,attr"`
	}
	junitSuite struct {
		junitCounts
		Timestamp  string          `xml:"timestamp,attr"`
		Hostname   string          `xml:"hostname,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Cases      []junitCase     `xml:"testcase"`
	}
	junitProperty struct {
		Name  string `xml:"name,attr"`
		Value string `xml:"value,attr"`
	}
	junitCase struct {
		Class      string          `xml:"classname,attr"`
		Name       string          `xml:"name,attr"`
		Time       string          `xml:"time,attr"`
		Properties []junitProperty `xml:"properties>property"`
		Skipped    *junitNote      `xml:"skipped"`
		Error      *junitNote      `xml:"error"`
		Failure    *junitNote      `xml:"failure"`
		Out        string          `xml:"system-out,omitempty"`
	}
	junitNote struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr,omitempty"`
		Text    string `xml:",chardata"`
	}
)

// JUnit returns junit.xml. What device or backend did wrong is a failure, what
// kept the harness from judging them is an error. The evidence grade is part of
// each class name, so that no dashboard shows a virtual result as hardware.
func (r *Run) JUnit() ([]byte, error) {
	clean := r.redacted()
	host, err := os.Hostname()
	if err != nil {
		host = "localhost" // the attribute is required
	}
	counts := junitCounts{Name: "espalier", Time: seconds(r.elapsed())}
	suite := junitSuite{Timestamp: r.Started.UTC().Format("2006-01-02T15:04:05"), Hostname: host, Properties: clean.properties()}
	for _, res := range clean.Results {
		c := clean.testcase(res)
		counts.Tests++
		switch {
		case c.Failure != nil:
			counts.Failures++
		case c.Error != nil:
			counts.Errors++
		case c.Skipped != nil:
			counts.Skipped++
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.junitCounts = counts
	p, err := xml.MarshalIndent(junitSuites{junitCounts: counts, Suite: suite}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return append([]byte(xml.Header), append(p, '\n')...), nil
}

func (r *Run) properties() []junitProperty {
	props := []junitProperty{
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
		props = append(props, junitProperty{"board-rom-sha256", rom.SHA256}, junitProperty{"board-rom", rom.What})
	}
	for _, m := range r.Measurements {
		props = append(props, junitProperty{m.Name, strings.TrimSpace(number(m.Value) + " " + m.Unit)})
	}
	return props
}

func (r *Run) testcase(res Result) junitCase {
	grade := r.Board.Believed(res.Grade).String()
	c := junitCase{Class: "espalier." + grade, Name: res.ID, Time: seconds(res.Duration)}
	for _, id := range res.Requirements {
		c.Properties = append(c.Properties, junitProperty{"requirement", id})
	}
	c.Properties = append(c.Properties, junitProperty{"evidence-grade", grade}, junitProperty{"server-mode", r.Server.Mode})
	if len(res.Attempts) > 0 {
		c.Properties = append(c.Properties, junitProperty{"attempts", strconv.Itoa(len(res.Attempts) + 1)})
	}
	for i, a := range res.Attempts {
		c.Out += fmt.Sprintf("attempt %d: %s: %s\n", i+1, a.Class, a.Message)
	}
	switch res.Status {
	case Pass:
	case Skip:
		c.Skipped = &junitNote{Message: res.Message}
	default:
		class := res.class()
		c.Properties = append(c.Properties, junitProperty{"failure-class", string(class)})
		note := &junitNote{Message: res.Message, Type: string(class), Text: strings.Join(r.details(res), "\n")}
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

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
