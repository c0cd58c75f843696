package vectors

// OracleTest is a set of rejections, each for another reason, that must look
// alike from outside. Its numbers are an example, as those of a [SequenceTest].
type OracleTest struct {
	Case
	Initial map[string]string `json:"initial"`           // next by device, in decimal
	Classes map[string][]Send `json:"classes,omitempty"` // messages that are refused, by the reason
	Sweep   *Sweep            `json:"sweep,omitempty"`   // or one message with a byte at each of its values
	Observe []string          `json:"observe"`           // http-status, headers, body, connection, time
	Time    *Timing           `json:"time,omitempty"`    // if time is observed
}

// Sweep is a message of which one byte of the ciphertext takes each of its 256
// values. Nothing of it is ever accepted, for its number was used before.
type Sweep struct {
	Construct Construct `json:"construct"`
	At        int       `json:"at"` // byte of the ciphertext; below 0 it counts from the end
}

// Timing says how a difference in time is looked for. What is found is advice,
// never a verdict: a network has times of its own.
type Timing struct {
	Pairs       int     `json:"pairs"`       // of requests, one of each of two classes
	Alpha       float64 `json:"alpha"`       // chance of a false alarm
	MinEffectUS float64 `json:"minEffectUs"` // the least difference that counts, in microseconds
}
