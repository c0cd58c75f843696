package main

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// device returns the known answers that a board gives over its console.
func device() (*vectors.File, error) {
	g := &vectors.Group{Type: "DeviceTest", Source: core}
	for _, c := range deviceCases() {
		recipe := vectors.Construct{Plain: `{"data":` + c.data + `,"SEQN":${SEQN}}`, SEQN: c.seqn, SaltHex: c.salt}
		p, err := construct.Static(recipe, []byte(c.passphrase))
		if err != nil {
			return nil, err
		}
		m, err := construct.Build(recipe, p)
		if err != nil {
			return nil, err
		}
		g.Tests = append(g.Tests, &vectors.DeviceTest{
			Case: vectors.Case{ID: "device/seal/" + c.name, Since: first, Comment: c.comment, Flags: []string{"KnownAnswer"}, Reqs: c.reqs,
				Importance: "critical", Result: vectors.Valid},
			PassphraseHex: hexOf(c.passphrase), SaltHex: c.salt, SEQN: c.seqn, Data: c.data,
			KeyHex: hex.EncodeToString(m.Key), IVHex: hex.EncodeToString(m.IV), Msg: m.Msg,
		})
	}
	return frame("device", []string{"Known answers that a board itself gives, over its console."}, map[string]vectors.Note{
		"KnownAnswer": {BugType: "BASIC", Description: "What the device derives and seals.", Effect: "No backend understands the device."},
	}, g), nil
}

type deviceCase struct {
	name, comment                string
	passphrase, salt, seqn, data string
	reqs                         []string
}

var (
	keys  = []string{"REQ-DEV-007", "REQ-KDF-001"}
	words = []string{"REQ-DEV-007", "REQ-KDF-002"}
	sizes = []string{"REQ-DEV-007", "REQ-DEV-005", "REQ-ENV-001"}
	seqns = []string{"REQ-DEV-007", "REQ-SEQ-006"}
)

func deviceCases() []deviceCase {
	cases := []deviceCase{
		{"the-known-answer", "the example of PROTOCOL.md", horse, salt1, "121", `{"value":300}`, keys},
		{"hexadecimal-passphrase", "looks like a key, and is text all the same", "2B7E151628AED2A6ABF7158809CF4F3C", salt1, "121", `{"value":300}`, keys},
		{"salt-of-zeros", "a salt that ends C strings early", horse, "0000000000000000", "121", `{"value":300}`, keys},
		{"salt-of-ones", "a salt with every bit set", horse, "ffffffffffffffff", "121", `{"value":300}`, keys},
		{"passphrase-empty", "no byte at all goes into the derivation", "", salt1, "1", `1`, words},
		{"passphrase-of-one-byte", "the shortest", "x", salt1, "1", `1`, words},
		{"passphrase-with-nul", "a NUL is a byte like another", "a\x00b", salt1, "1", `1`, words},
		{"passphrase-not-ascii", "the bytes of its UTF-8", "pässwörd ☂", salt1, "1", `1`, words},
		{"passphrase-of-47-bytes", "passphrase and salt end one short of MD5's padding", strings.Repeat("p", 47), salt1, "1", `1`, words},
		{"passphrase-of-48-bytes", "passphrase and salt fill 56 bytes: MD5 pads into a second block", strings.Repeat("p", 48), salt1, "1", `1`, words},
		{"passphrase-of-56-bytes", "passphrase and salt fill a block of MD5", strings.Repeat("p", 56), salt1, "1", `1`, words},
		{"passphrase-of-128-bytes", "the longest that the device takes", strings.Repeat("0123456789abcdef", 8), salt1, "1", `1`, words},
		{"seqn-zero", "the first number", horse, salt1, "0", `1`, seqns},
		{"seqn-2-31", "past a signed 32-bit integer", horse, salt1, "2147483648", `1`, seqns},
		{"seqn-2-32", "past an unsigned 32-bit integer", horse, salt1, "4294967296", `1`, seqns},
		{"seqn-largest", "2^53-2, the last number there is", horse, salt1, "9007199254740990", `1`, seqns},
		{"data-empty-string", "nothing to say, said", horse, salt1, "5", `""`, sizes},
		{"data-null", "null counts as present", horse, salt1, "5", `null`, sizes},
		{"data-nested", "an object in an array in an object", horse, salt1, "5", `{"a":[1,{"b":[true,false,null]}],"c":"d"}`, sizes},
		{"data-unicode", "letters beyond ASCII pass through", horse, salt1, "5", `"Grüße ☂ 水"`, sizes},
		{"data-escapes", "escapes are not rewritten", horse, salt1, "5", `"\"\\\/\b\f\n\r\t\u0041\ud83d\ude00"`, sizes},
	}
	// One text of each length around two AES blocks of inner base64, and the
	// largest that the requirement names.
	for _, n := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 255, 256, 257, 511, 512} {
		cases = append(cases, deviceCase{
			name: fmt.Sprintf("text-of-%d", n), comment: fmt.Sprintf("a string of %d characters", n),
			passphrase: horse, salt: salt1, seqn: "7", data: `"` + strings.Repeat("x", n) + `"`, reqs: sizes,
		})
	}
	return cases
}
