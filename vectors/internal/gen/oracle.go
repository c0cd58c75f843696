package main

import (
	"fmt"

	"github.com/espalier-hil/espalier/vectors"
)

// oracle returns sets of rejections that must look alike.
func oracle() (*vectors.File, error) {
	g := &vectors.Group{Type: "OracleTest", Source: core}
	results, err := resultsOfVectors()
	if err != nil {
		return nil, err
	}
	for _, o := range oracles {
		for class, sends := range o.classes {
			for _, s := range sends {
				if result, known := results[s.Vector]; s.Vector != "" && (!known || result == vectors.Valid) {
					return nil, fmt.Errorf("oracle/%s: class %s: %q is no envelope or payload that is refused", o.name, class, s.Vector)
				}
			}
		}
		t := &vectors.OracleTest{
			Case: vectors.Case{ID: "oracle/" + o.name, Since: first, Comment: o.comment, Flags: []string{o.flag}, Reqs: o.reqs,
				Importance: o.importance, Result: vectors.Valid},
			Initial: map[string]string{"a": "121"}, Classes: o.classes, Sweep: o.sweep, Observe: o.observe, Time: o.time,
		}
		g.Tests = append(g.Tests, t)
	}
	return frame("oracle", []string{
		"Messages that are refused for different reasons: what comes back must not say for which.",
	}, map[string]vectors.Note{
		"Uniform": {BugType: "ORACLE", Description: "Rejections for different reasons.", Effect: "Whoever can tell them apart decrypts without the key."},
		"Padding": {BugType: "ORACLE", Description: "A byte of a captured message takes each of its values.", Effect: "Vaudenay's attack: 128 requests on average give a byte of the text.",
			Links: []string{"https://www.iacr.org/archive/eurocrypt2002/23320530/cbc02_e02d.pdf"}},
		"Devices": {BugType: "ORACLE", Description: "Rejections of known and unknown devices.", Effect: "Whoever can tell them apart lists the devices."},
		"Time":    {BugType: "ORACLE", Description: "Times of rejections.", Effect: "The same as a difference that can be read, at more requests a byte."},
	}, g), nil
}

type uniform struct {
	name, comment, flag, importance string
	reqs                            []string
	classes                         map[string][]vectors.Send
	sweep                           *vectors.Sweep
	observe                         []string
	time                            *vectors.Timing
}

var (
	visible = []string{"http-status", "headers", "body", "connection"}
	alike   = []string{"REQ-RSP-003", "REQ-RSP-005"}
)

// remade are vectors, each at the number next.
func remade(ids ...string) []vectors.Send {
	var list []vectors.Send
	for _, id := range ids {
		list = append(list, vectors.Send{Device: "a", SEQN: "121", Vector: id})
	}
	return list
}

// stale are well-made messages whose number was used, and unknown those to a
// device that nobody knows.
var (
	stale   = []vectors.Send{{Device: "a", SEQN: "120"}, {Device: "a", SEQN: "0"}}
	unknown = []vectors.Send{{Device: "z", SEQN: "121"}}
)

var oracles = []uniform{
	{"padding-and-replay", "wrong padding, and a number that was used", "Uniform", "critical", alike,
		map[string][]vectors.Send{"padding": remade("envelope/key-other-passphrase", "envelope/pad-x923", "envelope/truncate-to-1-blocks"), "replay": stale}, nil, visible, nil},
	{"padding-and-inner-base64", "wrong padding, and right padding over what is no base64", "Padding", "critical", alike,
		map[string][]vectors.Send{"padding": remade("envelope/key-other-passphrase", "envelope/salt-last-bit"),
			"inner-base64": remade("envelope/flip-block-0-first-byte", "envelope/drop-block-1", "envelope/swap-blocks-0-1")}, nil, visible, nil},
	{"outer", "what is refused before anything is decrypted, and after", "Uniform", "high", alike,
		map[string][]vectors.Send{"outer-base64": remade("envelope/outer-foreign-for-a-character"), "magic": remade("envelope/magic-missing", "envelope/magic-first-bit"),
			"length": remade("envelope/length-minus-1"), "replay": stale}, nil, visible, nil},
	{"text", "texts that were decrypted and are no reading", "Uniform", "high", alike,
		map[string][]vectors.Send{"json": remade("payload/grammar/cut-off", "envelope/inner-words"), "fields": remade("payload/missing/data", "payload/missing/seqn-lower"), "replay": stale}, nil, visible, nil},
	{"every-stage", "one message for each stage", "Uniform", "critical", alike,
		map[string][]vectors.Send{"outer-base64": remade("envelope/outer-foreign-for-a-character"), "magic": remade("envelope/magic-missing"), "length": remade("envelope/length-minus-1"),
			"padding": remade("envelope/key-other-passphrase"), "inner-base64": remade("envelope/flip-block-0-first-byte"), "json": remade("payload/grammar/cut-off"),
			"fields": remade("payload/missing/data"), "seqn-type": remade("payload/seqn-from-121/2-53"), "replay": stale, "device": unknown}, nil, visible, nil},
	{"unknown-device", "a device that nobody knows, and a number that was used", "Devices", "high", append([]string{"REQ-HTTP-001"}, alike...),
		map[string][]vectors.Send{"unknown": unknown, "replay": stale}, nil, visible, nil},
	{"unknown-device-ill-made", "an ill-made message to a device that nobody knows, and to one that is known", "Devices", "medium", append([]string{"REQ-HTTP-001"}, alike...),
		map[string][]vectors.Send{"unknown": {{Device: "z", SEQN: "121", Vector: "envelope/magic-missing"}}, "known": remade("envelope/magic-missing")}, nil, visible, nil},
	{"numbers", "a number out of range, and one that was used", "Uniform", "high", alike,
		map[string][]vectors.Send{"range": remade("payload/seqn-from-121/2-53"), "replay": stale}, nil, visible, nil},
	{"last-byte", "the last byte of the last block but one: with one value in 256 the padding is right", "Padding", "critical", alike, nil,
		&vectors.Sweep{Construct: vectors.Construct{Plain: plain, SEQN: "120"}, At: -17}, visible, nil},
	{"last-byte-of-two", "the same on a message of two blocks", "Padding", "high", alike, nil,
		&vectors.Sweep{Construct: vectors.Construct{Plain: `{"SEQN":${SEQN}}`, SEQN: "120"}, At: -17}, visible, nil},
	{"last-but-one-byte", "the byte before it: padding of two bytes, if the last is right", "Padding", "high", alike, nil,
		&vectors.Sweep{Construct: vectors.Construct{Plain: plain, SEQN: "120"}, At: -18}, visible, nil},
	{"time-padding", "how long it takes to refuse a padding, and a number", "Time", "low", []string{"REQ-RSP-004"},
		map[string][]vectors.Send{"padding": remade("envelope/key-other-passphrase"), "replay": stale[:1]}, nil, []string{"time"}, &vectors.Timing{Pairs: 200, Alpha: 0.001, MinEffectUS: 500}},
	{"time-device", "how long it takes to refuse a device, and a number", "Time", "low", []string{"REQ-RSP-004"},
		map[string][]vectors.Send{"unknown": unknown, "replay": stale[:1]}, nil, []string{"time"}, &vectors.Timing{Pairs: 200, Alpha: 0.001, MinEffectUS: 500}},
}
