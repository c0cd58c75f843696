package construct_test

import (
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	p, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBuildRefuses(t *testing.T) {
	far := 1000
	for _, tt := range []struct {
		name, plain string
		op          vectors.Op
		want        string
	}{
		{"an unknown op", "{}", vectors.Op{Op: "turn"}, `no layer knows the op "turn"`},
		{"an unknown style", "{}", vectors.Op{Op: "pad", Style: "round"}, `there is no such style: "round"`},
		{"a missing argument", "{}", vectors.Op{Op: "xor", Hex: "01"}, "an argument is missing: at"},
		{"missing bytes", "{}", vectors.Op{Op: "append"}, "an argument is missing: hex"},
		{"bytes that are no hex", "{}", vectors.Op{Op: "append", Hex: "0"}, "odd length"},
		{"a byte beyond the message", "{}", vectors.Op{Op: "xor", At: &far, Hex: "01"}, "beyond the message"},
		{"a block beyond the message", "{}", vectors.Op{Op: "drop-block", Block: &far}, "beyond the message"},
		{"padding that fills no block", "{}", vectors.Op{Op: "pad", Style: "none"}, "no whole blocks"},
		{"a search without room", "{}", vectors.Op{Op: "search", Style: "seqn"}, "${FILL} and the op search come together"},
		{"room without a search", "${FILL}", vectors.Op{Op: "append", Hex: "00"}, "${FILL} and the op search come together"},
		{"a search for a number before its room", "${SEQN}${FILL}", vectors.Op{Op: "search", Style: "seqn"}, "before ${SEQN}"},
		{"a search for text that is not there", "${FILL}", vectors.Op{Op: "search", Style: "text", Text: "300"}, "300 is not behind ${FILL}"},
		{"a splice of unlike beginnings", "a${FILL}", vectors.Op{Op: "search", Style: "splice", Plain: "ab${FILL}"}, "1 and 2 bytes before ${FILL}"},
		{"a msg that is no text", "é", vectors.Op{Op: "outer-text", Style: "none"}, "has to be UTF-8"},
	} {
		_, err := construct.Build(vectors.Construct{Plain: tt.plain, Ops: []vectors.Op{tt.op}}, construct.Params{SEQN: "121", Salt: [8]byte{0xff}})
		if !errors.Is(err, construct.ErrRecipe) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}

// FuzzBuild makes recipes of anything: a message, or ErrRecipe.
func FuzzBuild(f *testing.F) {
	if suite, err := vectors.All(); err == nil {
		for _, test := range vectors.Of[*vectors.EnvelopeTest](suite) {
			for _, op := range test.Construct.Ops {
				if op.Op != "search" {
					f.Add(op.Op, op.Style, op.Hex, op.Text, op.Plain, 15, int64(0), int64(1), op.Op, op.Style)
				}
			}
		}
	}
	f.Add("xor", "", "01", "", "", 1, int64(math.MinInt64), int64(math.MaxInt64), "truncate", "")
	f.Fuzz(func(t *testing.T, op, style, hexed, text, plain string, given int, a, b int64, second, secondStyle string) {
		x, y := int(a), int(b)
		first := vectors.Op{Op: op, Style: style, Hex: hexed, Text: text, Plain: plain}
		for i, field := range []**int{&first.At, &first.N, &first.Block, &first.To} {
			if given>>i&1 != 0 {
				*field = []*int{&x, &y}[i%2]
			}
		}
		other := first
		other.Op, other.Style = second, secondStyle
		c := vectors.Construct{Plain: `{"data":1,"SEQN":${SEQN}}`, Ops: []vectors.Op{first, other}}
		m, err := construct.Build(c, construct.Params{Passphrase: []byte(text), SEQN: "121"})
		if (m == nil) != errors.Is(err, construct.ErrRecipe) {
			t.Fatalf("%v beside %v", m, err)
		}
	})
}
