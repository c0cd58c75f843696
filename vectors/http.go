package vectors

// HTTPTest is what comes over a connection, byte by byte, and which answers are
// permitted. Afterwards the device's next must be what the answers say: see
// [HTTPRequest].
type HTTPTest struct {
	Case
	Requests  []HTTPRequest `json:"requests"`
	Pipelined bool          `json:"pipelined,omitempty"` // all requests are sent before the first answer is read
	Bytewise  bool          `json:"bytewise,omitempty"`  // each byte is written by itself
	Free      bool          `json:"free,omitempty"`      // HTTP leaves it to a backend: no profile demands the first of what is permitted
	End       string        `json:"end,omitempty"`       // after the last byte: half-close or silence; else the answers are awaited
}

// HTTPRequest is one request of a connection, and the answers that are permitted.
//
// Text is a template; what it stands for is sent as it is. Its parameters:
//
//	${HOST}            host and port of the backend
//	${BASE}            path below which the devices are, as /data
//	${DEVICE}          id of the device, percent-encoded
//	${DEVICE:percent}  the same with every byte percent-encoded
//	${DEVICE:swapcase} the same with the other case; a device without letters leaves the test NOT RUN
//	${NOBODY}          an id that no device has
//	${MSG}             a message with the number next, ${MSG+1} with the one after it; the same each time
//	${MSG:escaped}     with every character a \u escape, ${MSG:query} percent-encoded,
//	                   ${MSG:split} with a ${FLUSH} in its middle
//	${LENGTH}          length of what follows the first empty line; ${LENGTH+N} and ${LENGTH-N}
//	${CHUNKED:N}       opens a part that is sent in chunks of N bytes; ${END} closes it with the last
//	                   chunk, ${END:LINE} with that and a trailer, ${CUT} with neither
//	${REPEAT:N:TEXT}   TEXT N times
//	${HEX:BYTES}       bytes
//	${FLUSH}           what comes before is sent by itself
//	${CONTINUE}        100 Continue is awaited, a second at most
//
// Permitted answers are accepted (200 and status OK), rejected (any other
// answer) and closed (none: the connection ends). Only accepted moves next.
type HTTPRequest struct {
	Text   string   `json:"text"`
	Expect []string `json:"expect"` // permitted; the first is what strict profiles demand
}

// What may come of a request.
const (
	Accepted = "accepted"
	Refused  = "rejected"
	Closed   = "closed"
)
