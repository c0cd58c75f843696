package oracle

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// pieces are what mutants are given.
var pieces = []string{"{", "}", "[", "]", ",", ":", `"`, `\`, " ", "\n", "\x00", "\xff", "\ufeff", "0", "1", "-", ".", "e", "E400", "null", "true",
	`"SEQN"`, `"data"`, `"SEQN":121,`, `"data":1,`, `"SEQ\u004e":`, `\ud800`, `\u0000`, "9007199254740991", "ſ", "/**/", "'"}

// TestPayloadMutants lets the reference and the strict reader in Python read
// texts that nobody has thought of: those of the tests, with bytes taken out,
// put in and exchanged.
func TestPayloadMutants(t *testing.T) {
	const mutants = 4000
	rng := rand.New(rand.NewPCG(need.Seed(t), 0))
	tests := payloads(t)
	var texts [][]byte
	for len(texts) < mutants {
		test := tests[rng.IntN(len(tests))]
		text, err := hex.DecodeString(test.PlainHex)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) > 1000 {
			continue
		}
		for range 1 + rng.IntN(2) {
			text = mutate(rng, text)
		}
		texts = append(texts, text)
	}
	var questions []question
	for _, text := range texts {
		questions = append(questions, question{Reader: "strict", Next: "121", Text: hex.EncodeToString(text)})
	}
	accepted := 0
	for i, got := range ask[answer](t, questions, need.Python(t, "json"), "testdata/payload.py") {
		w := seqn.Window{Next: 121}
		r, err := envelope.Open("", envelope.Seal("", [8]byte{}, texts[i]))
		if err == nil {
			err = w.Accept(r.SEQN)
		}
		switch {
		case got.Broken+got.Fault != "":
			t.Errorf("%q: the oracle fails: %s %s", texts[i], got.Broken, got.Fault)
		case got.Accept != (err == nil):
			t.Errorf("%q: the oracle says %t, the reference %v", texts[i], got.Accept, err)
		case got.Accept && (got.Next != strconv.FormatUint(w.Next, 10) || got.Data != string(r.Data)):
			t.Errorf("%q: the oracle reads %s, %s, the reference %d, %s", texts[i], got.Next, got.Data, w.Next, r.Data)
		}
		if got.Accept {
			accepted++
		}
	}
	if accepted < mutants/50 || accepted > mutants*9/10 {
		t.Errorf("%d of %d mutants are accepted, which tells little", accepted, mutants)
	}
	confirmed(t, "python", mutants, "payloads that nobody has thought of, read as by the reference")
}

// mutate returns another text.
func mutate(rng *rand.Rand, text []byte) []byte {
	at := rng.IntN(len(text) + 1)
	piece := []byte(pieces[rng.IntN(len(pieces))])
	switch end := min(len(text), at+rng.IntN(4)); rng.IntN(4) {
	case 0:
		return bytes.Join([][]byte{text[:at], text[end:]}, nil)
	case 1:
		return bytes.Join([][]byte{text[:at], piece, text[end:]}, nil)
	case 2: // a piece of itself
		from := rng.IntN(len(text) + 1)
		piece = text[from:min(len(text), from+rng.IntN(20))]
	}
	return bytes.Join([][]byte{text[:at], piece, text[at:]}, nil)
}
