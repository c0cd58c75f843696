package construct_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// stages are where the reference refuses, by its errors.
var stages = []struct {
	err   error
	stage vectors.Stage
}{
	{envelope.ErrOuterBase64, vectors.StageOuterBase64},
	{envelope.ErrMagic, vectors.StageMagic},
	{envelope.ErrLength, vectors.StageLength},
	{envelope.ErrPadding, vectors.StagePadding},
	{envelope.ErrInnerBase64, vectors.StageInnerBase64},
	{envelope.ErrJSON, vectors.StageInnerJSON},
	{envelope.ErrKeys, vectors.StageFields},
	{envelope.ErrSEQN, vectors.StageSEQNType},
}

// random returns what a message is made with. No passphrase is empty or all
// zeros: such a one is what envelope/key-hex makes of it, and so no mistake.
func random(t *testing.T) func(digits int) construct.Params {
	t.Helper()
	rng := rand.New(rand.NewPCG(need.Seed(t), 0))
	return func(digits int) construct.Params {
		p := construct.Params{Passphrase: make([]byte, 1+rng.IntN(39)), SEQN: strconv.Itoa(1 + rng.IntN(7))}
		for i := range p.Passphrase {
			p.Passphrase[i] = byte(rng.Uint32())
		}
		p.Passphrase[0] |= 1
		for i := range p.Salt {
			p.Salt[i] = byte(rng.Uint32())
		}
		for len(p.SEQN) < digits {
			p.SEQN += strconv.Itoa(rng.IntN(10))
		}
		return p
	}
}

// strict returns what strict profiles demand of a test.
func strict(t *vectors.EnvelopeTest) vectors.Outcome {
	switch t.Result {
	case vectors.Valid:
		return *t.Expect
	case vectors.Acceptable:
		return t.Permitted[0]
	}
	return vectors.Outcome{Stage: t.RejectStage}
}

// A recipe makes the defect that the file shows with any passphrase, salt and
// SEQN: the reference gives the verdict, at the stage, that the file has.
func TestRecipesHoldForOtherKeys(t *testing.T) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	params := random(t)
	later, all := 0, 0
	for _, test := range vectors.Of[*vectors.EnvelopeTest](suite) {
		lengths := []int{1, 2, 3, 4, 9, 10, 13, 15}
		if strings.Contains(test.Construct.Plain, "${FILL}") {
			lengths = []int{13} // it takes a second
		}
		for _, digits := range lengths {
			p := params(digits)
			m, err := construct.Build(test.Construct, p)
			if err != nil {
				t.Errorf("%s, SEQN %s: %v", test.ID, p.SEQN, err)
				continue
			}
			stage, why := judge(strict(test), m, p)
			if why != "" {
				t.Errorf("%s, passphrase %x, salt %x, SEQN %s: %s: %s", test.ID, p.Passphrase, p.Salt, p.SEQN, why, m.Msg)
			}
			if all++; stage != "" && stage != strict(test).Stage[0] {
				later++
			}
		}
	}
	// Noise ends in sound padding once in 256 times, and is refused later.
	if later*20 > all {
		t.Errorf("%d of %d messages were refused at a later stage than the file's", later, all)
	}
}

// judge says what the reference's answer to m and the outcome differ in, and
// the stage at which the reference refuses it.
func judge(want vectors.Outcome, m *construct.Message, p construct.Params) (vectors.Stage, string) {
	if want.Accept && want.Next == "" { // a text that holds no reading
		plain, err := envelope.OpenPlain(string(p.Passphrase), m.Msg)
		if err != nil || string(plain) != string(m.Text) {
			return "", fmt.Sprintf("opens as %q, %v", plain, err)
		}
		return "", ""
	}
	r, err := envelope.Open(string(p.Passphrase), m.Msg)
	for _, s := range stages {
		if errors.Is(err, s.err) {
			if want.Accept || !slices.Contains(want.Stage, s.stage) {
				return "", fmt.Sprintf("refused at %s, want %v", s.stage, want.Stage)
			}
			return s.stage, ""
		}
	}
	if err != nil || !want.Accept || strconv.FormatUint(r.SEQN, 10) != p.SEQN {
		return "", fmt.Sprintf("SEQN %d, %v, want accepted: %t", r.SEQN, err, want.Accept)
	}
	return "", ""
}

// What the files hold is what their recipes make.
func TestRecipesMakeTheFiles(t *testing.T) {
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	for g, test := range vectors.Of[*vectors.EnvelopeTest](suite) {
		p, err := construct.Static(test.Construct, unhex(t, g.PassphraseHex))
		if err != nil {
			t.Fatal(err)
		}
		if m, err := construct.Build(test.Construct, p); err != nil || m.Msg != test.Msg {
			t.Errorf("%s: %v", test.ID, err)
		}
	}
}
