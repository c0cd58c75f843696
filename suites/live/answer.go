package live

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// maxAnswer is how much of an answer is read. An answer of the protocol has some
// 20 bytes.
const maxAnswer = 64 << 10

// answer is what came back.
type answer struct {
	accepted bool
	status   int
	header   http.Header
	body     []byte
	err      error // in place of an answer
	leak     string
	closes   bool // the connection ends with it
	took     time.Duration
}

// String returns the answer in one line.
func (a answer) String() string {
	if a.err != nil {
		return a.err.Error()
	}
	return fmt.Sprintf("%d %q", a.status, a.body)
}

// trouble returns a finding where there is no answer, or one that gives
// something away.
func (a answer) trouble() error {
	var wait net.Error
	var already *finding
	switch {
	case errors.As(a.err, &already):
		return a.err
	case a.leak != "":
		return against("REQ-RSP-005", "the answer gives away %s: %s", a.leak, shorten(a.String()))
	case a.err == nil:
		return nil
	case errors.Is(a.err, context.Canceled):
		return a.err
	case errors.As(a.err, &wait) && wait.Timeout():
		return hung("no answer within %s", a.took.Round(time.Millisecond))
	case errors.Is(a.err, syscall.ECONNREFUSED):
		return found(Crash, "the backend takes no connection any more: %v", a.err)
	}
	return failed("no answer to a request that was right: %v", a.err)
}

// read takes a response to its end, or to the end of what is read of one.
func read(resp *http.Response) (a answer) {
	defer resp.Body.Close()
	a.status, a.header, a.closes = resp.StatusCode, resp.Header, resp.Close
	a.body, a.err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if len(a.body) > maxAnswer {
		a.body, a.err = a.body[:maxAnswer], errors.New("the answer does not end")
	}
	a.accepted = a.err == nil && a.status == http.StatusOK && saysOK(a.body)
	return a
}

// saysOK reports whether a body is a JSON object whose status is exactly OK.
func saysOK(body []byte) bool {
	var doc map[string]json.RawMessage // a struct would take Status for status
	var status string
	return json.Unmarshal(body, &doc) == nil && json.Unmarshal(doc["status"], &status) == nil && status == "OK"
}

// spoken are words of runtimes and databases that have no place in an answer.
var spoken = []string{
	"Traceback (most recent call last)", "goroutine ", "node_modules", "    at ", "node:internal", "SQLITE_", "sqlite3.", "SQL logic error", "SQL syntax",
	"UNIQUE constraint", "Exception in thread", "panic:", "bad decrypt", "wrong final block", "Malformed UTF-8", "binascii.",
}

// leaks names what the answer gives away of the message, if anything.
func (a answer) leaks(m message) string {
	var all bytes.Buffer
	a.header.Write(&all)
	all.Write(a.body)
	text := all.String()
	switch {
	case m.secret != "" && repeats(text, m.secret):
		return "what was sealed"
	case m.from != nil && len(m.from.passphrase) >= 6 && strings.Contains(text, m.from.passphrase):
		return "the passphrase"
	}
	for _, words := range spoken {
		if strings.Contains(text, words) {
			return fmt.Sprintf("where it failed (%q)", words)
		}
	}
	return ""
}

// repeats reports whether an answer repeats a text, as it stands or as it comes
// in JSON and HTML.
func repeats(answer, text string) bool {
	escaped, err := json.Marshal(text)
	if err != nil {
		panic("live: internal error: a string is JSON: " + err.Error())
	}
	var plainly bytes.Buffer // <, > and & as they stand
	encoder := json.NewEncoder(&plainly)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(text); err != nil {
		panic("live: internal error: a string is JSON: " + err.Error())
	}
	inside := func(quoted []byte) string { return string(quoted[1 : len(quoted)-1]) }
	for _, form := range []string{text, inside(escaped), inside(bytes.TrimSpace(plainly.Bytes())), html.EscapeString(text)} {
		if strings.Contains(answer, form) {
			return true
		}
	}
	return false
}

// post sends a message to a device's path, on a connection of its own, and
// records the exchange.
func (r *run) post(ctx context.Context, what string, to *device, m message) answer {
	to.high = max(to.high, min(m.seqn, last))
	began := time.Now()
	a := r.exchange(ctx, to, m)
	a.took = time.Since(began)
	if a.err == nil {
		a.leak = a.leaks(m)
		a.body = []byte(r.clean(string(a.body)))
	}
	if a.accepted {
		r.accepted++
	}
	r.record(Exchange{What: what, Device: to.id, SEQN: fmt.Sprint(m.seqn), Next: to.stands(), Sent: m.msg, Took: a.took}, a)
	return a
}

func (r *run) exchange(ctx context.Context, to *device, m message) answer {
	ctx, cancel := context.WithTimeout(ctx, r.target.Timeout)
	defer cancel()
	body, err := json.Marshal(map[string]string{"msg": m.msg})
	if err != nil {
		return answer{err: err}
	}
	u := r.base.String() + "/" + url.PathEscape(to.id)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u, bytes.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	return read(resp)
}

// record takes an exchange into the result, without what is secret.
func (r *run) record(x Exchange, a answer) {
	x.Answer = r.clean(a.String())
	switch {
	case a.err != nil:
		x.Outcome = Unanswered
	case a.accepted:
		x.Outcome = Accepted
	default:
		x.Outcome = Refused
	}
	x.At = max(0, time.Since(r.began)-x.Took)
	r.result.record(x)
}

// client opens a connection for each request, so that one that the backend has
// closed meanwhile is never used, and follows nobody elsewhere.
var client = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}
