// Package generator is a device in software: it seals readings and posts them,
// as the generator script of the original did, but with the outcomes of
// PROTOCOL.md 3.8.
package generator

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// Sentinels of this package.
var (
	ErrData      = errors.New("generator: reading is not one JSON value")
	ErrExhausted = errors.New("generator: no sequence number is left")
)

// Outcome is how a send ended.
type Outcome string

// The four outcomes of PROTOCOL.md 3.8.
const (
	Accepted Outcome = "accepted" // OK came: stored exactly once
	Refused  Outcome = "refused"  // NOT OK, and no reply was lost before: not stored
	Presumed Outcome = "presumed" // NOT OK after a lost reply: an earlier attempt was stored
	Unknown  Outcome = "unknown"  // four attempts and no reply
)

const (
	attempts = 4
	maxReply = 64 << 10
)

// Device is one device in software. Its methods must not be called at once.
type Device struct {
	URL        string // base of the backend, as http://127.0.0.1:1880
	ID         string
	Passphrase string
	Next       uint64 // the SEQN of the next message

	// Client posts the messages; nil is one with a timeout of five seconds.
	Client *http.Client
}

// Sent is what came of one message.
type Sent struct {
	SEQN     uint64  `json:"seqn"`
	Outcome  Outcome `json:"outcome"`
	Attempts int     `json:"attempts"`
	Status   int     `json:"http"` // of the last reply; 0 if none came
	Msg      string  `json:"msg"`
	Err      error   `json:"-"` // why the last attempt got no reply
}

// Send seals data, the JSON text of one reading, under the next SEQN and posts
// it, at most four times. The error is for what kept it from being sent at all.
func (d *Device) Send(ctx context.Context, data string) (Sent, error) {
	if !json.Valid([]byte(data)) {
		return Sent{}, fmt.Errorf("%w: %.40q", ErrData, data)
	}
	if d.Next > seqn.Max {
		return Sent{}, ErrExhausted
	}
	var salt [envelope.SaltSize]byte
	rand.Read(salt[:]) // never fails (crypto/rand)
	sent := Sent{SEQN: d.Next, Msg: envelope.Seal(d.Passphrase, salt, fmt.Appendf(nil, `{"data":%s,"SEQN":%d}`, data, d.Next))}
	d.Next++

	body, err := json.Marshal(map[string]string{"msg": sent.Msg})
	if err != nil {
		return Sent{}, fmt.Errorf("generator: %w", err)
	}
	lost := false
	for sent.Attempts < attempts && ctx.Err() == nil {
		sent.Attempts++
		var ok bool
		sent.Status, ok, sent.Err = d.post(ctx, body)
		switch {
		case sent.Err != nil:
			lost = true
		case ok:
			sent.Outcome = Accepted
			return sent, nil
		case lost:
			sent.Outcome = Presumed
			return sent, nil
		default:
			sent.Outcome = Refused
			return sent, nil
		}
	}
	sent.Outcome = Unknown
	return sent, nil
}

// post reports whether the backend said OK. An error means that no whole reply
// came.
func (d *Device) post(ctx context.Context, body []byte) (status int, ok bool, err error) {
	target := strings.TrimSuffix(d.URL, "/") + "/data/" + url.PathEscape(d.ID)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return 0, false, fmt.Errorf("generator: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	client := d.Client
	if client == nil {
		client = &http.Client{Timeout: 5 * time.Second}
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, false, fmt.Errorf("generator: %w", err)
	}
	defer resp.Body.Close()
	reply, err := io.ReadAll(io.LimitReader(resp.Body, maxReply))
	if err != nil {
		return 0, false, fmt.Errorf("generator: reply broke off: %w", err)
	}
	return resp.StatusCode, resp.StatusCode == http.StatusOK && saysOK(reply), nil
}

// saysOK reports whether a reply is a JSON object whose status is exactly OK.
// The key is matched exactly, which decoding into a struct would not do.
func saysOK(reply []byte) bool {
	var object map[string]any
	return json.Unmarshal(reply, &object) == nil && object["status"] == "OK"
}
