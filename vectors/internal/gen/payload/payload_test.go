package payload

import (
	"encoding/hex"
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// Each recipe makes the bytes that stand beside it.
func TestPayloadRecipes(t *testing.T) {
	for _, test := range payloadTests(t) {
		text, err := construct.Text(test.Construct, test.Construct.SEQN)
		if err != nil || hex.EncodeToString(text) != test.PlainHex {
			t.Errorf("%s: the recipe makes %x, %v", test.ID, text, err)
		}
		if test.Construct.Ops != nil {
			t.Errorf("%s: a payload is sealed in a well-made envelope", test.ID)
		}
	}
}

// A recipe with ${SEQN} is about something else than the number, so its text
// has to take any.
func TestPayloadRecipesTakeAnySEQN(t *testing.T) {
	n := 0
	for group, test := range payloadTests(t) {
		text, _ := construct.Text(test.Construct, group.Next)
		later, _ := construct.Text(test.Construct, "4242")
		if slices.Equal(text, later) {
			continue
		}
		n++
		next, _, _ := read(t, 4242, later)
		want := strict(test)
		if next != "4243" && want.Accept || next != "" && !want.Accept {
			t.Errorf("%s: with SEQN 4242, next becomes %q", test.ID, next)
		}
	}
	if n < 100 {
		t.Errorf("only %d recipes hold ${SEQN}", n)
	}
}

// The reference server's codec and window hold to what the strict profile
// demands of each text.
func TestPayloadStrictInReference(t *testing.T) {
	for group, test := range payloadTests(t) {
		text, err := hex.DecodeString(test.PlainHex)
		if err != nil {
			t.Fatal(err)
		}
		before, err := strconv.ParseUint(group.Next, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		next, data, stage := read(t, before, text)
		want := strict(test)
		switch {
		case want.Accept != (next != ""), want.Next != next, want.Data != data:
			t.Errorf("%s: next %q, data %.60s, refused at %q; want %+v", test.ID, next, data, stage, want)
		case !want.Accept && !slices.ContainsFunc(stage, func(s vectors.Stage) bool { return slices.Contains(want.Stage, s) }):
			t.Errorf("%s: refused at %s, want one of %s", test.ID, stage, want.Stage)
		}
	}
}

// read returns next and data after a text, or where the reference refuses it.
func read(t *testing.T, before uint64, text []byte) (next, data string, stage []vectors.Stage) {
	t.Helper()
	msg := envelope.Seal("correct horse", [8]byte{1}, text)
	r, err := envelope.Open("correct horse", msg)
	for _, at := range []struct {
		err    error
		stages []vectors.Stage
	}{
		{envelope.ErrJSON, []vectors.Stage{vectors.StageInnerJSON, vectors.StageInnerUTF8}},
		{envelope.ErrKeys, []vectors.Stage{vectors.StageFields}},
		{envelope.ErrSEQN, []vectors.Stage{vectors.StageSEQNType}},
	} {
		if errors.Is(err, at.err) {
			return "", "", at.stages
		}
	}
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	w := seqn.Window{Next: before}
	if err := w.Accept(r.SEQN); err != nil {
		return "", "", []vectors.Stage{vectors.StageSEQNReplay}
	}
	return strconv.FormatUint(w.Next, 10), string(r.Data), nil
}

func payloadTests(t *testing.T) func(func(*vectors.Group, *vectors.PayloadTest) bool) {
	t.Helper()
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	return vectors.Of[*vectors.PayloadTest](suite)
}

// What a strict backend has to read fits into a body of 64 KiB.
func TestPayloadFitsIntoABody(t *testing.T) {
	for _, test := range payloadTests(t) {
		text, err := hex.DecodeString(test.PlainHex)
		if err != nil {
			t.Fatal(err)
		}
		body := `{"msg":"` + envelope.Seal("correct horse", [8]byte{}, text) + `"}`
		if strict(test).Accept && len(body) > 64<<10 {
			t.Errorf("%s: a body of %d bytes", test.ID, len(body))
		}
	}
}

// strict returns the outcome that the strict profile demands.
func strict(t *vectors.PayloadTest) vectors.Outcome {
	switch t.Result {
	case vectors.Valid:
		return *t.Expect
	case vectors.Invalid:
		return vectors.Outcome{Stage: t.RejectStage}
	}
	return t.Permitted[0]
}
