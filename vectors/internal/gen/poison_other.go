package main

import (
	"encoding/hex"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// poisonKDF has a bit wrong in each of the two things that are derived.
func poisonKDF() ([]*vectors.Group, error) {
	salt, err := hex.DecodeString(salt1)
	if err != nil {
		return nil, err
	}
	k, v := construct.Derive([]byte(horse), salt)
	key, iv := hex.EncodeToString(k), hex.EncodeToString(v)
	group := func(name, what, key, iv string) *vectors.Group {
		return &vectors.Group{Type: "KdfTest", Source: core, Poison: "the last bit of the " + what + " is flipped", Tests: []vectors.Test{&vectors.KDFTest{
			Case:          bad("kdf-"+name, "the example of PROTOCOL.md, but for one bit", "REQ-KDF-001", vectors.Valid),
			PassphraseHex: hexOf(horse), SaltHex: salt1, KeyHex: key, IVHex: iv,
		}}}
	}
	return []*vectors.Group{group("last-bit", "key", flip(key), iv), group("iv-last-bit", "iv", key, flip(iv))}, nil
}

// poisonSequence has a step wrong in each of the things that a step says.
func poisonSequence() ([]*vectors.Group, error) {
	group := func(name, wrong, req string, edit func([]vectors.Step)) *vectors.Group {
		steps := []vectors.Step{
			{Send: vectors.Send{Device: "a", SEQN: "121"}, Status: "OK", Next: "122", Missing: "0"},
			{Send: vectors.Send{ReplayOf: ptr(0)}, Status: "NOT OK", Next: "122", Missing: "0"},
			{Send: vectors.Send{Device: "a", SEQN: "125"}, Status: "OK", Next: "126", Missing: "3"},
		}
		edit(steps)
		return &vectors.Group{Type: "SequenceTest", Source: core, Poison: wrong, Tests: []vectors.Test{&vectors.SequenceTest{
			Case:    bad("sequence-"+name, "a message, its replay, and one after a gap", req, vectors.Valid),
			Initial: map[string]string{"a": "121"}, Steps: steps,
		}}}
	}
	return []*vectors.Group{
		group("refused", "a new message is expected to be refused", "REQ-SEQ-003", func(s []vectors.Step) { s[2].Status, s[2].Next, s[2].Missing = "NOT OK", "", "" }),
		group("accepted", "a replay is expected to be accepted", "REQ-SEQ-001", func(s []vectors.Step) { s[1].Status = "OK" }),
		group("next", "next is a thousand too high after the gap", "REQ-SEQ-002", func(s []vectors.Step) { s[2].Next = "1126" }),
		group("next-moved", "a refusal is expected to move next", "REQ-SEQ-007", func(s []vectors.Step) { s[1].Next = "1122" }),
		group("missing", "one number too many is expected to be missing", "REQ-SEQ-011", func(s []vectors.Step) { s[2].Missing = "4" }),
	}, nil
}

// poisonDevice has known answers that no board gives.
func poisonDevice() ([]*vectors.Group, error) {
	const req = "REQ-DEV-007"
	well := vectors.Construct{Plain: plain, SEQN: "121", SaltHex: salt1}
	build := func(recipe vectors.Construct) (*construct.Message, error) {
		p, err := construct.Static(recipe, []byte(horse))
		if err != nil {
			return nil, err
		}
		return construct.Build(recipe, p)
	}
	m, err := build(well)
	if err != nil {
		return nil, err
	}
	spaced := well
	spaced.Plain = `{"data":{"value":300}, "SEQN":${SEQN}}`
	other, err := build(spaced)
	if err != nil {
		return nil, err
	}
	damaged := well
	damaged.Ops = []vectors.Op{{Op: "xor", At: ptr(-1), Hex: "01"}}
	broken, err := build(damaged)
	if err != nil {
		return nil, err
	}
	key, iv := hex.EncodeToString(m.Key), hex.EncodeToString(m.IV)
	group := func(name, wrong, key, iv, msg string) *vectors.Group {
		return &vectors.Group{Type: "DeviceTest", Source: core, Poison: wrong, Tests: []vectors.Test{&vectors.DeviceTest{
			Case:          bad("device-"+name, "the example of PROTOCOL.md, all but right", req, vectors.Valid),
			PassphraseHex: hexOf(horse), SaltHex: salt1, SEQN: "121", Data: right.Data, KeyHex: key, IVHex: iv, Msg: msg,
		}}}
	}
	return []*vectors.Group{
		group("key", "the last bit of the key is flipped", flip(key), iv, m.Msg),
		group("iv", "the last bit of the iv is flipped", key, flip(iv), m.Msg),
		group("msg", "the message seals a text with a space in it, which no device writes", key, iv, other.Msg),
		group("msg-damaged", "the message does not open, for its last bit is flipped", key, iv, broken.Msg),
	}, nil
}
