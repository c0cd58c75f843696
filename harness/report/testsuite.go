package report

import (
	"encoding/xml"
	"fmt"
	"os"
	"strconv"
	"time"
)

// Suite is a document of the kind that CI reads as junit.xml.
type Suite struct {
	Name       string
	Started    time.Time
	Took       time.Duration
	Properties []Property
	Cases      []Case
}

// Property is a name and what it stands for.
type Property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// Case is one test. It passed if it has no note.
type Case struct {
	Class, Name string
	Took        time.Duration
	Properties  []Property
	Skipped     *Note // it was not tried
	Failure     *Note // what was tested is wrong
	Error       *Note // it could not be told
	Out         string
}

// Note says why a case did not pass.
type Note struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

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
		Timestamp  string      `xml:"timestamp,attr"`
		Hostname   string      `xml:"hostname,attr"`
		Properties []Property  `xml:"properties>property"`
		Cases      []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class      string     `xml:"classname,attr"`
		Name       string     `xml:"name,attr"`
		Time       string     `xml:"time,attr"`
		Properties []Property `xml:"properties>property"`
		Skipped    *Note      `xml:"skipped"`
		Error      *Note      `xml:"error"`
		Failure    *Note      `xml:"failure"`
		Out        string     `xml:"system-out,omitempty"`
	}
)

// XML returns the document.
func (s Suite) XML() ([]byte, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost" // the attribute is required
	}
	counts := junitCounts{Name: s.Name, Time: seconds(s.Took)}
	suite := junitSuite{Timestamp: s.Started.UTC().Format("2006-01-02T15:04:05"), Hostname: host, Properties: s.Properties}
	for _, c := range s.Cases {
		counts.Tests++
		switch {
		case c.Failure != nil:
			counts.Failures++
		case c.Error != nil:
			counts.Errors++
		case c.Skipped != nil:
			counts.Skipped++
		}
		suite.Cases = append(suite.Cases, junitCase{c.Class, c.Name, seconds(c.Took), c.Properties, c.Skipped, c.Error, c.Failure, c.Out})
	}
	suite.junitCounts = counts
	p, err := xml.MarshalIndent(junitSuites{junitCounts: counts, Suite: suite}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return append([]byte(xml.Header), append(p, '\n')...), nil
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }
