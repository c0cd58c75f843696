package wire

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"time"
)

// Exchange is one request and what came back for it.
type Exchange struct {
	N          int       // 1, 2, 3 … in the order in which requests arrived
	Start, End time.Time // first byte of the request read, last byte of the reply at hand
	Request    []byte    // as the device sent it
	Method     string    // empty if the request is not HTTP
	Path       string    // with query, as on the request line
	Msg        string    // the envelope, or empty if the body holds none
	Reply      []byte    // as the backend sent it, or as the recorder made it up (502, 4xx)
	Status     int       // 0 if no reply came, or one that is not HTTP
	Fault      Fault     // what [Recorder.Plan] did to it
	Altered    []byte    // what a fault made of the request, or of the reply; nil if nothing
	Replay     bool      // it came from [Recorder.Send], [Recorder.Replay] or a fault, not from a device
	Truncated  bool      // the bytes kept are not all that passed
	Err        error     // why it did not come to a whole reply; wraps a sentinel of this package
}

// ReplyBody returns the reply's body without transfer encoding, or nil if the
// reply is not whole.
func (e Exchange) ReplyBody() []byte {
	req := &http.Request{Method: e.Method}
	br := bufio.NewReader(bytes.NewReader(e.Reply))
	resp, err := readFinal(br, req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil
	}
	return body
}

// envelope returns the text under "msg" in a JSON object, or the empty string.
// It is tolerant, for it reports what passed and judges nothing; but the key
// is matched exactly, which decoding into a struct would not do.
func envelope(body []byte) string {
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil {
		return ""
	}
	var msg string
	if json.Unmarshal(object["msg"], &msg) != nil {
		return ""
	}
	return msg
}

// readFinal reads a reply's head, past any interim ones (1xx).
func readFinal(br *bufio.Reader, req *http.Request) (*http.Response, error) {
	for {
		resp, err := http.ReadResponse(br, req)
		if err != nil {
			return nil, err
		}
		if resp.StatusCode/100 != 1 || resp.StatusCode == http.StatusSwitchingProtocols {
			return resp, nil
		}
	}
}
