// Package control speaks to the firmware under test through its console.
//
//	host → device   id verb args… LF         one line; bytes as lower-case hex,
//	                                         - for none; numbers decimal
//	device → host   RS {"id":N,"ok":true,…} LF
//	                RS {"id":N,"ok":false,"error":"code","detail":"text"} LF
//	                RS {"hello":{…}} LF      unasked, once a boot
//	                RS {"http":{…}} LF       unasked, while a request waits on link serial
//
// Everything else on the line is log. One command is outstanding at a time; an
// answer under another id is old and passed over. What a device can take is in
// the limits of its HELLO, which comes first: see [Client.Hello].
//
// Every method waits until its context ends, and no longer than two minutes for
// one answer. Its error is a [*Refusal] where the device said no, [ErrAnswer]
// where what it said makes no sense, [ErrLimit] where nothing was sent, and
// otherwise what the console reports: a crash, a lost port, a timeout.
//
// Passphrases go out, and what this package records and reports never shows
// them. What a device says is kept as it came.
package control

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/harness/console"
)

// Sentinels that callers tell apart, beside [Code].
var (
	// ErrAnswer reports an answer that is not what the protocol says.
	ErrAnswer = errors.New("control: answer is not valid")

	// ErrLimit reports an argument that the device cannot take. Nothing was
	// sent.
	ErrLimit = errors.New("control: beyond the limits of the device")

	// ErrNoHello reports a command before the limits are known.
	ErrNoHello = errors.New("control: HELLO comes first, for its limits")

	// ErrProto reports firmware of another version of the protocol.
	ErrProto = errors.New("control: protocol version not supported")

	// ErrBootMode reports a board that did not start the program in flash.
	ErrBootMode = errors.New("control: not booted from flash")
)

// Code is why a device refuses a command. It is an error, and [errors.Is] finds
// it in a [*Refusal].
type Code string

// The codes of the protocol.
const (
	BadCommand     Code = "bad-command"
	BadArgs        Code = "bad-args"
	TooLong        Code = "too-long"
	NotProvisioned Code = "not-provisioned"
	NoLink         Code = "no-link"
	NoServer       Code = "no-server"
	Exhausted      Code = "exhausted"
	Flash          Code = "flash"
	Busy           Code = "busy"
	Unsupported    Code = "unsupported"
	NoAnswer       Code = "no-answer"
	NoResync       Code = "no-resync"
	BadAnswer      Code = "bad-answer"
)

var codeText = map[Code]string{
	BadCommand:     "no such command",
	BadArgs:        "arguments not accepted",
	TooLong:        "line or argument too long",
	NotProvisioned: "no device id and passphrase yet",
	NoLink:         "no such link on this board",
	NoServer:       "no server address yet",
	Exhausted:      "no SEQN is left",
	Flash:          "flash failed",
	Busy:           "another command is running",
	Unsupported:    "not supported by this build",
	NoAnswer:       "no attempt was answered",
	NoResync:       "the backend does not know the device, or no resync",
	BadAnswer:      "an answer that the backend cannot have given to this question",
}

// Error returns the code and what it means.
func (c Code) Error() string {
	if text, ok := codeText[c]; ok {
		return string(c) + ": " + text
	}
	return string(c)
}

// Refusal is a device's no.
type Refusal struct {
	Verb   string
	Code   Code
	Detail string // the device's own words
}

// Error says what was asked and what the device said.
func (r *Refusal) Error() string {
	if r.Detail == "" {
		return fmt.Sprintf("control: %s: refused: %v", r.Verb, r.Code)
	}
	return fmt.Sprintf("control: %s: refused: %v (%q)", r.Verb, r.Code, r.Detail)
}

// Unwrap returns the code.
func (r *Refusal) Unwrap() error { return r.Code }

// Client is the host's end. It is safe for concurrent use; commands wait for
// each other.
type Client struct {
	console *console.Console
	carry   Exchange

	mu     sync.Mutex
	id     int
	limits *Limits // of the latest HELLO
}

// New returns a client. Nothing is sent. carry performs the exchanges of a
// device on link serial; it may be nil for those that do not use it.
func New(c *console.Console, carry Exchange) *Client {
	return &Client{console: c, carry: carry}
}

// Do sends a command as it stands, whatever the limits are, and returns the
// answer. It is for those who test the device's own refusals. The arguments are
// on record, so none may be secret.
func (c *Client) Do(ctx context.Context, verb string, args ...string) (json.RawMessage, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var plain []arg
	for _, a := range args {
		plain = append(plain, arg{text: a})
	}
	cursor := c.console.Now()
	id, err := c.send(verb, plain)
	if err != nil {
		return nil, err
	}
	answer, err := c.answer(ctx, cursor, verb, id)
	if err != nil {
		return nil, err
	}
	return answer.raw, nil
}

// arg is one word of a command.
type arg struct {
	text   string
	secret bool
}

func bytesArg(p []byte) arg {
	if len(p) == 0 {
		return arg{text: "-"}
	}
	return arg{text: hex.EncodeToString(p)}
}

func secretArg(p []byte) arg { return arg{bytesArg(p).text, true} }

func numberArg(n uint64) arg { return arg{text: strconv.FormatUint(n, 10)} }

// command performs one command that is answered at once.
func (c *Client) command(ctx context.Context, verb string, args ...arg) (*object, error) {
	if err := c.fits(verb, args); err != nil {
		return nil, err
	}
	cursor := c.console.Now()
	id, err := c.send(verb, args)
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, cursor, verb, id)
}

// fits checks the whole line against the limits of the device.
func (c *Client) fits(verb string, args []arg) error {
	if c.limits == nil {
		return fmt.Errorf("%w: %s", ErrNoHello, verb)
	}
	n := len("999999999 ") + len(verb) + len("\n")
	for _, a := range args {
		n += len(" ") + len(a.text)
	}
	return atMost(verb, "the line", n, c.limits.Line)
}

// atMost checks one argument against its limit.
func atMost(verb, what string, n, limit int) error {
	if n > limit {
		return fmt.Errorf("%w: %s: %s has %d bytes, at most %d", ErrLimit, verb, what, n, limit)
	}
	return nil
}

// maxID is the largest id that a device takes.
const maxID = 999999999

// send writes one command line and returns its id.
func (c *Client) send(verb string, args []arg) (int, error) {
	c.id = c.id%maxID + 1
	line := []string{strconv.Itoa(c.id), verb}
	shown := []string{strconv.Itoa(c.id), verb}
	secret := false
	for _, a := range args {
		line = append(line, a.text)
		if a.secret {
			secret = true
			a.text = "(redacted)"
		}
		shown = append(shown, a.text)
	}
	var err error
	if secret {
		err = c.console.WriteAs(join(line), join(shown))
	} else {
		_, err = c.console.Write(join(line))
	}
	if err != nil {
		return 0, fmt.Errorf("control: %s: %w", verb, err)
	}
	return c.id, nil
}

func join(words []string) []byte { return []byte(strings.Join(words, " ") + "\n") }

// patience bounds the wait for any one answer, whatever the context allows. A
// send takes the longest, four attempts of 15 s each.
const patience = 2 * time.Minute

var errSilent = fmt.Errorf("it did not come within %v", patience)

// answer waits for the answer to command id.
func (c *Client) answer(ctx context.Context, cursor *console.Cursor, verb string, id int) (*object, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errSilent)
	defer cancel()
	item, err := cursor.Expect(ctx, console.Object(fmt.Sprintf("the answer to %d %s", id, verb), hasID(id)))
	if err != nil {
		return nil, fmt.Errorf("control: %s: %w", verb, err)
	}
	return judge(verb, item.JSON)
}

// hasID returns a predicate of records that carry id.
func hasID(id int) func(json.RawMessage) bool {
	return func(raw json.RawMessage) bool {
		o, err := parseObject(raw)
		return err == nil && o.has("id") && o.number("id") == uint64(id)
	}
}

// judge returns the answer of a device that did as it was told.
func judge(verb string, raw json.RawMessage) (*object, error) {
	o, err := parseObject(raw)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %v", ErrAnswer, verb, err)
	}
	if ok := o.truth("ok"); ok || o.err != nil {
		return o, o.check(verb)
	}
	r := &Refusal{Verb: verb, Code: Code(o.text("error"))}
	if o.has("detail") {
		r.Detail = o.text("detail")
	}
	if err := o.check(verb); err != nil {
		return nil, err
	}
	return nil, r
}
