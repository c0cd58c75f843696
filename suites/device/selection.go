package device

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/powercut"
)

// Selection says which specs to run and who hears of them.
type Selection struct {
	// Labels is a Ginkgo label filter, as "REQ-SEQ-001 || REQ-DEV-002"; empty
	// is everything.
	Labels string

	// Text, if not empty, is a regular expression that a spec's full text
	// must match.
	Text string

	// Cuts is how many power cuts are explored on a virtual board; the zero
	// Size is powercut.Here.
	Cuts powercut.Size

	// Given names image and mask ROM under test in the flags of espalier powercut;
	// empty is those of this project.
	Given string

	// Observe, if not nil, is told of each result as it comes, and of the
	// group to which the spec belongs.
	Observe func(group string, res report.Result)
}

// ErrSelection reports a label filter or a regular expression that cannot be
// read.
var ErrSelection = errors.New("device: selection is not valid")

// Check returns an [ErrSelection] if the selection cannot be read.
func (s Selection) Check() error {
	if _, err := types.ParseLabelFilter(s.Labels); err != nil {
		return fmt.Errorf("%w: label filter %q: %s", ErrSelection, s.Labels, gist(err))
	}
	if _, err := regexp.Compile(s.Text); err != nil {
		return fmt.Errorf("%w: text %q: %w", ErrSelection, s.Text, err)
	}
	return nil
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// gist returns what a Ginkgo error has to say, which it draws over several
// coloured lines.
func gist(err error) string {
	g, ok := err.(types.GinkgoError)
	if !ok {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(colours.ReplaceAllString(g.Message, "")), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}

// Specs returns the full texts of the specs that s selects for a board, in the
// order of the source. It runs none of them.
func (s Selection) Specs(virtual bool) ([]string, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	var texts []string
	for _, spec := range ginkgo.PreviewSpecs(description, s.configuration(virtual, 1)).SpecReports {
		if spec.LeafNodeType == types.NodeTypeIt && spec.State != types.SpecStateSkipped {
			texts = append(texts, spec.FullText())
		}
	}
	return texts, nil
}

// configuration is s as Ginkgo takes it.
func (s Selection) configuration(virtual bool, seed uint64) types.SuiteConfig {
	suite, _ := ginkgo.GinkgoConfiguration()
	suite.LabelFilter = filter(s.Labels, virtual)
	suite.RandomSeed = int64(seed & (1<<62 - 1))
	suite.FailOnPending = true
	suite.FocusStrings = nil
	if s.Text != "" {
		text := s.Text
		if rest, anchored := strings.CutPrefix(text, "^"); anchored {
			text = "^ " + rest // see description
		}
		suite.FocusStrings = []string{text}
	}
	return suite
}

// description is what Ginkgo puts before a spec's text, and a space after it,
// when it looks for a regular expression there: any word would match.
const description = ""

// filter leaves out what the board at hand cannot go through.
func filter(labels string, virtual bool) string {
	if virtual {
		return labels
	}
	if labels == "" {
		return "!" + needsVirtual
	}
	return "(" + labels + ") && !" + needsVirtual
}
