package vectors

// SequenceTest is a history of one or more devices, one message after the other.
//
// Its numbers are an example. On a device that is in use already, a runner adds
// to all of that device's numbers the distance from initial to the device's own
// next; with Fresh it may not, and needs devices that were provisioned for this
// test, with just these numbers.
type SequenceTest struct {
	Case
	Initial map[string]string `json:"initial"`          // next by device, in decimal
	Shared  []string          `json:"shared,omitempty"` // devices that have one passphrase; all others have their own
	Fresh   bool              `json:"fresh,omitempty"`  // the numbers are meant as they stand
	Steps   []Step            `json:"steps"`
}

// Step is one message of a sequence and what comes of it.
type Step struct {
	Before  string `json:"before,omitempty"` // done to the backend first: restart, kill9, or provision: each device again, as it was in the beginning
	Send    Send   `json:"send"`
	Status  string `json:"status"`            // OK or NOT OK
	Limit   string `json:"limit,omitempty"`   // why no backend can do better; the last step only, and there a NOT OK is right, too
	Next    string `json:"next,omitempty"`    // next of the step's device afterwards
	Missing string `json:"missing,omitempty"` // numbers skipped so far on that device
}

// Send says what is sent: a new message, or the same bytes as an earlier step,
// to that step's device or to another. A device that is not among the test's
// initial ones is one that the backend does not know.
type Send struct {
	Device   string `json:"device,omitempty"`
	SEQN     string `json:"seqn,omitempty"`     // decimal; a fresh message
	ReplayOf *int   `json:"replayOf,omitempty"` // index of an earlier step
	Vector   string `json:"vector,omitempty"`   // id of an envelope or payload test, remade for this device at SEQN
}
