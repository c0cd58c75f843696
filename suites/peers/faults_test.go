package peers_test

import (
	"testing"

	"github.com/espalier-hil/espalier/suites/peers"
)

// step is a message to the flow, as the JSON in it, or the one before once more.
type step struct {
	text string // "" is the bytes of the message before
	want answer
	then state // as the database then has it
}

// fault is what one message does that it should not, and how that goes on. Each
// has a device of its own, with next = 121.
type fault struct {
	name  string
	steps []step
}

// atZero is the fault whose device has next = 0.
const atZero = "null at the start"

func faultDevice(name string) peers.Device {
	d := peers.Device{ID: name, Passphrase: knownPassphrase, Next: knownSEQN}
	if name == atZero {
		d.Next = 0
	}
	return d
}

// JavaScript compares and adds what it gets: facts of the original, told by its
// flow. What is said of each stands behind it.
var looseNumbers = []fault{
	{"text", []step{
		{`{"data":1,"SEQN":"121"}`, ok, state{"1211", 1}}, // "121" + 1
		{`{"data":1,"SEQN":122}`, notOK, state{"1211", 1}},
		{`{"data":1,"SEQN":1210}`, notOK, state{"1211", 1}}, // the device is locked out
		{`{"data":1,"SEQN":1211}`, ok, state{"1212", 2}},
	}},
	{"array", []step{
		{`{"data":1,"SEQN":[500]}`, ok, state{"5001", 1}},
		{`{"data":1,"SEQN":501}`, notOK, state{"5001", 1}},
	}},
	{"hexadecimal text", []step{
		{`{"data":1,"SEQN":"0x7a"}`, ok, state{"'0x7a1'", 1}}, // 122, then 1953
		{`{"data":1,"SEQN":123}`, notOK, state{"'0x7a1'", 1}},
		{`{"data":1,"SEQN":1953}`, ok, state{"1954", 2}},
	}},
	{"text with blanks", []step{
		{`{"data":1,"SEQN":" 500 "}`, ok, state{"' 500 1'", 1}}, // no number: nothing is ≥ it
		{`{"data":1,"SEQN":501}`, notOK, state{"' 500 1'", 1}},
		{`{"data":1,"SEQN":9007199254740990}`, notOK, state{"' 500 1'", 1}}, // locked out for ever
	}},
	{"true", []step{
		{`{"data":1,"SEQN":true}`, notOK, state{"121", 0}}, // 1
	}},
	{"null", []step{
		{`{"data":1,"SEQN":null}`, notOK, state{"121", 0}}, // 0
	}},
	{atZero, []step{
		{`{"data":1,"SEQN":null}`, ok, state{"1", 1}},
		{`{"data":1,"SEQN":null}`, notOK, state{"1", 1}},
	}},
	{"fraction", []step{
		{`{"data":1,"SEQN":121.5}`, ok, state{"122.5", 1}},
		{`{"data":1,"SEQN":122}`, notOK, state{"122.5", 1}},
		{`{"data":1,"SEQN":123}`, ok, state{"124", 2}},
	}},
	{"2^53", []step{
		{`{"data":1,"SEQN":9007199254740992}`, ok, state{"9007199254740992", 1}}, // + 1 is itself
		{"", ok, state{"9007199254740992", 2}},
		{"", ok, state{"9007199254740992", 3}}, // and so on, for ever
		{`{"data":1,"SEQN":122}`, notOK, state{"9007199254740992", 3}},
	}},
	{"1e308", []step{
		{`{"data":1,"SEQN":1e308}`, ok, state{"1.0e+308", 1}},
		{"", ok, state{"1.0e+308", 2}},
		{"", ok, state{"1.0e+308", 3}},
	}},
	{"1e400", []step{
		{`{"data":1,"SEQN":1e400}`, ok, state{"'Infinity'", 1}},
		{"", ok, state{"'Infinity'", 2}},
		{"", ok, state{"'Infinity'", 3}},
	}},
	{"a key twice", []step{
		{`{"data":1,"SEQN":5,"SEQN":121}`, ok, state{"122", 1}}, // the last counts
		{`{"data":1,"SEQN":500,"SEQN":5}`, notOK, state{"122", 1}},
	}},
}

// What else comes of the way it is built.
var otherFaults = []fault{
	{"no data", []step{
		{`{"SEQN":121}`, ok, state{"122", 1}}, // the text undefined is stored
	}},
	{"no SEQN", []step{
		{`{"data":1}`, notOK, state{"121", 0}},
	}},
	{"JSON, but no object", []step{
		{`null`, internal, state{"121", 0}},
		{`[]`, notOK, state{"121", 0}},
	}},
	{"apostrophe", []step{
		{`{"data":"it's","SEQN":121}`, internal, state{"122", 0}}, // next is raised, the reading lost
		{"", notOK, state{"122", 0}},
	}},
}

func TestNodeREDFaults(t *testing.T) {
	all := append(append([]fault(nil), looseNumbers...), otherFaults...)
	var devices []peers.Device
	for _, fault := range all {
		devices = append(devices, faultDevice(fault.name))
	}
	f := startFlow(t, devices...)
	for _, fault := range all {
		t.Run(fault.name, func(t *testing.T) {
			msg := ""
			for _, step := range fault.steps {
				if step.text != "" {
					msg = seal(knownPassphrase, step.text)
				}
				if got := answers(t, f.Peer, fault.name, msg); got != step.want {
					t.Errorf("%s: %v, want %v", step.text, got, step.want)
				}
				if got := f.state(t, fault.name); got != step.then {
					t.Errorf("after %s: %v, want %v", step.text, got, step.then)
				}
			}
		})
	}
}

// A device id is pasted into SQL: who has one passphrase reaches every device.
func TestNodeREDPastesIDs(t *testing.T) {
	f := startFlow(t,
		peers.Device{ID: "mine", Passphrase: knownPassphrase, Next: knownSEQN},
		peers.Device{ID: "yours", Passphrase: "another", Next: 7})
	if got := answers(t, f.Peer, "x' OR '1'='1", reading(500)); got != ok {
		t.Errorf("%v, want %v", got, ok)
	}
	for _, id := range []string{"mine", "yours"} {
		if got, want := f.state(t, id), (state{"501", 0}); got != want {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
	if got := answers(t, f.Peer, "x'", reading(501)); got != internal {
		t.Errorf("an apostrophe alone: %v, want %v", got, internal)
	}
}
