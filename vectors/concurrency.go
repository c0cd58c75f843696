package vectors

// ConcurrencyTest is a burst of messages that are under way at once, and what
// must hold of the answers, whatever their order. Its numbers are an example,
// as those of a [SequenceTest] are; each round adds what the round before used.
type ConcurrencyTest struct {
	Case
	Initial   map[string]string `json:"initial"` // next by device, in decimal
	Burst     []Salvo           `json:"burst"`
	Rounds    int               `json:"rounds"`    // how many times; a race shows now and then
	Release   string            `json:"release"`   // barrier or last-byte
	Predicate string            `json:"predicate"` // exactly-one-ok or linearizable
}

// Salvo is one number, sent several times at once.
type Salvo struct {
	Device    string `json:"device"`
	SEQN      string `json:"seqn"`                // decimal
	Copies    int    `json:"copies"`              // each on a connection of its own
	SameBytes bool   `json:"sameBytes,omitempty"` // one message; else each copy is sealed anew, with other data
}

// How a burst is released.
const (
	Barrier  = "barrier"   // all connections are open; then all requests are written
	LastByte = "last-byte" // all requests are written but for their last byte; then that
)

// What must hold of a burst.
const (
	ExactlyOneOK = "exactly-one-ok" // of each device's messages one is accepted
	Linearizable = "linearizable"   // some order of the messages, one after the other, explains the answers
)
