package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/espalier-hil/espalier/reference-server/store"
)

// appendDevice writes a device's state.
func appendDevice(p []byte, d store.Device) []byte {
	p = fmt.Appendf(p, `{"device":%s,"next":%d,"accepted":%d,"missing":%d,"lastSeen":`, quote(d.ID), d.Next, d.Accepted, d.Missing)
	if d.LastSeen.IsZero() {
		return append(p, "null}"...)
	}
	return append(p, d.LastSeen.Format(`"`+time.RFC3339Nano+`"}`)...)
}

// appendReadings writes the page by hand, since encoding/json would compact and
// escape the data, which goes out byte for byte as it came.
func appendReadings(p []byte, readings []store.Reading, more bool) []byte {
	p = append(p, `{"readings":[`...)
	for i, r := range readings {
		if i > 0 {
			p = append(p, ',')
		}
		p = fmt.Appendf(p, `{"seqn":%d,"received":"%s","data":%s}`, r.SEQN, r.Received.Format(time.RFC3339Nano), r.Data)
	}
	return fmt.Appendf(p, `],"more":%t}`, more)
}

// appendPast writes a page of what was imported; what is not known is null.
func appendPast(p []byte, past []store.Past, more bool) []byte {
	p = append(p, `{"past":[`...)
	for i, r := range past {
		if i > 0 {
			p = append(p, ',')
		}
		number, received := "null", "null"
		if r.SEQN != nil {
			number = fmt.Sprint(*r.SEQN)
		}
		if !r.Received.IsZero() {
			received = r.Received.Format(`"` + time.RFC3339Nano + `"`)
		}
		p = fmt.Appendf(p, `{"row":%d,"seqn":%s,"received":%s,"data":%s}`, r.Row, number, received, r.Data)
	}
	return fmt.Appendf(p, `],"more":%t}`, more)
}

// quote returns s as a JSON string.
func quote(s string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.Encode(s) // a string into a buffer: cannot fail
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
