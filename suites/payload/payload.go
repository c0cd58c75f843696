// Package payload makes the readings that a device is asked to send: every
// shape of JSON, and strings of every size that the requirement names.
package payload

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// MaxText is the longest string that every device must be able to seal
// (REQ-DEV-005), in characters.
const MaxText = 512

// fixed are the shapes that sizes alone do not reach.
var fixed = []string{
	`""`, `null`, `true`, `false`, `0`, `-1`, `300`, `1.5e-7`, `[]`, `{}`,
	`{"value":300}`,
	`{"data":{"data":1},"SEQN":5}`, // keys of the envelope, inside the reading
	`[[[[[[[[1]]]]]]]]`,
	`{"a":[1,{"b":[true,false,null]}],"c":"d"}`,
	`"Grüße ☂ 水"`,
	`"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00"`,
}

// Readings returns n JSON texts, each the value under "data" of one reading,
// the same for the same seed: first the fixed shapes, then strings whose
// lengths cover 0 to MaxText evenly, both ends included.
func Readings(n int, seed uint64) []string {
	rng := rand.New(rand.NewPCG(seed, 0))
	out := append([]string(nil), fixed[:min(n, len(fixed))]...)
	for i, texts := 0, n-len(out); i < texts; i++ {
		size := MaxText
		if texts > 1 {
			size = MaxText * i / (texts - 1)
		}
		out = append(out, text(rng, size))
	}
	rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	for _, s := range out {
		if !json.Valid([]byte(s)) {
			panic(fmt.Sprintf("payload: internal error: %q is no JSON", s))
		}
	}
	return out
}

// text returns a JSON string of size letters.
func text(rng *rand.Rand, size int) string {
	var b strings.Builder
	b.WriteByte('"')
	for range size {
		b.WriteByte(byte('a' + rng.IntN(26)))
	}
	b.WriteByte('"')
	return b.String()
}
