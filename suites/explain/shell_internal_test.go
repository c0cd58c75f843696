package explain

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/vectors"
)

// linesOf returns the lines of a test's page.
func linesOf(g *vectors.Group, t vectors.Test) []line {
	switch t := t.(type) {
	case *vectors.KDFTest:
		return kdfLines(t.PassphraseHex, t.SaltHex, t.KeyHex, t.IVHex)
	case *vectors.EnvelopeTest:
		return envelopeLines(t, open(mustHex(g.PassphraseHex), t.Msg, g.Next), sealed(g, t))
	case *vectors.PayloadTest:
		return payloadLines(mustHex(t.PlainHex))
	case *vectors.DeviceTest:
		return sealLines(t, deviceText(t))
	}
	return nil
}

const mark = "-- espalier --"

// sample is how many lines of Python there are to one that is run: they differ in
// their bytes only, and Python takes its time.
const sample = 16

// pasted is a line of a test's page.
type pasted struct {
	id string
	line
}

// All lines of openssl that the pages offer, and some of Python, are pasted into a shell, and each shows what
// the page says that it shows.
func TestLinesCanBePasted(t *testing.T) {
	for _, tool := range []string{"openssl", "xxd", "python3"} {
		need.Tool(t, tool)
	}
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	shells := make([][]pasted, runtime.NumCPU()) // of what stands on one page each has all or nothing: lines use what those before have set
	i := 0
	for _, f := range suite.Files {
		for _, g := range f.Groups {
			for _, test := range g.Tests {
				i++
				if _, python := test.(*vectors.PayloadTest); python && i%sample != 0 {
					continue
				}
				for _, l := range linesOf(g, test) {
					shells[i%len(shells)] = append(shells[i%len(shells)], pasted{test.Common().ID, l})
				}
			}
		}
	}
	for _, lines := range shells {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			for i, answer := range paste(t, lines) {
				lines[i].holds(t, strings.TrimRight(answer, "\n"))
			}
			t.Logf("%d lines", len(lines))
		})
	}
}

// paste has a shell read the lines as they are printed, comments and
// indentation included, and returns what comes of each.
func paste(t *testing.T, lines []pasted) []string {
	t.Helper()
	var script strings.Builder
	for _, l := range lines {
		p := &page{}
		p.shell([]line{l.line})
		script.WriteString(p.String() + "echo; echo '" + mark + "'\n")
	}
	sh := exec.CommandContext(t.Context(), "sh")
	sh.Env = []string{"PATH=/usr/bin:/bin:/usr/local/bin", "LC_ALL=C.UTF-8"} // the distribution's tools first
	sh.Stdin = strings.NewReader(script.String())
	var complaints bytes.Buffer
	sh.Stderr = &complaints
	out, err := sh.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &complaints)
	}
	answers := strings.Split(strings.TrimSuffix(string(out), mark+"\n"), mark+"\n")
	if len(answers) != len(lines) {
		t.Fatalf("%d answers to %d lines", len(answers), len(lines))
	}
	return answers
}

// holds compares what the line printed with what it is meant to.
func (l pasted) holds(t *testing.T, got string) {
	t.Helper()
	ok := got != ""
	switch {
	case strings.HasSuffix(l.text, "xxd"):
		ok = bytes.Equal(dumped(t, got), l.dumps)
	case l.says != "":
		ok = got == l.says
	case l.begins != "":
		first, _, _ := strings.Cut(got, "\n")
		ok = first == l.begins
	case l.denies != "":
		ok = got != l.denies
	}
	if !ok {
		t.Errorf("%s: %s\n%s\nprints\n%s\nwant %x %q %q", l.id, l.about, l.text, got, l.dumps, l.says, l.begins)
	}
}

var dumpLine = regexp.MustCompile(`(?m)^[0-9a-f]+: ((?:[0-9a-f]{2,4} )+)`)

// dumped returns the bytes that xxd shows.
func dumped(t *testing.T, dump string) []byte {
	t.Helper()
	var digits strings.Builder
	for _, m := range dumpLine.FindAllStringSubmatch(dump, -1) {
		digits.WriteString(strings.ReplaceAll(m[1], " ", ""))
	}
	p, err := hex.DecodeString(digits.String())
	if err != nil {
		t.Errorf("%v in %s", err, dump)
	}
	return p
}

// Where the ciphertext is as it was sealed, what the lines show is what the
// vectors hold.
func TestLinesShowTheVectors(t *testing.T) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for g, test := range vectors.Of[*vectors.EnvelopeTest](suite) {
		well, w := sealed(g, test), open(mustHex(g.PassphraseHex), test.Msg, g.Next)
		if test.Msg != well.msg || test.Debug == nil || !bytes.Equal(well.key, w.key) {
			continue
		}
		for _, l := range linesOf(g, test) {
			if l.dumps != nil {
				n++
				if fmt.Sprintf("%x", l.dumps) != test.Debug.PaddedHex {
					t.Errorf("%s: %x, and the file says %s", test.ID, l.dumps, test.Debug.PaddedHex)
				}
			}
		}
	}
	if n == 0 {
		t.Error("none")
	}
}

// Every op, kind of bug and stage that the files use has words of its own.
func TestEverythingHasWords(t *testing.T) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range suite.Files {
		for flag, note := range f.Notes {
			if bugTypes[note.BugType] == "" {
				t.Errorf("%s: no words for %s", flag, note.BugType)
			}
		}
		for _, g := range f.Groups {
			for _, test := range g.Tests {
				c := test.Common()
				list := slices.Clone(c.RejectStage)
				for _, o := range slices.Concat(c.Permitted, c.Mistakes) {
					list = append(list, o.Stage...)
				}
				for _, s := range list {
					if stageWords[s] == "" {
						t.Errorf("%s: no words for stage %s", c.ID, s)
					}
				}
				for _, op := range opsOf(test) {
					if words := inWords(op); words == fmt.Sprintf("%s %s", op.Op, op.Style) || strings.Contains(words, "{") && !strings.Contains(words, "${") {
						t.Errorf("%s: no words for %s %s: %s", c.ID, op.Op, op.Style, words)
					}
				}
			}
		}
	}
}

func opsOf(t vectors.Test) []vectors.Op {
	switch t := t.(type) {
	case *vectors.EnvelopeTest:
		return t.Construct.Ops
	case *vectors.PayloadTest:
		return t.Construct.Ops
	}
	return nil
}
