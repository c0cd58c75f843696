package control

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"syscall"
	"time"

	"github.com/espalier-hil/espalier/harness/console"
)

// Outcome is what a device knows of a reading that it has sent.
type Outcome string

// The outcomes of a send.
const (
	Accepted Outcome = "accepted" // OK came: stored, once
	Refused  Outcome = "refused"  // NOT OK came, and nothing was lost before it: not stored
	Presumed Outcome = "presumed" // NOT OK came after a lost reply
	Unknown  Outcome = "unknown"  // no attempt was answered
)

// Sending is the device's account of one send.
type Sending struct {
	SEQN     uint64
	Outcome  Outcome
	Attempts int
	HTTP     int      // status of the last reply; 0 if none came
	Salt     [8]byte  // of the envelope
	MD5      [16]byte // of the envelope's text; zeros where the firmware does not say
	Data     string   // the JSON text that was sent; empty where the firmware chose it and does not say
}

// Exchange carries one HTTP request, as raw bytes, to a server, and returns the
// raw reply. A refused connection is reported as [syscall.ECONNREFUSED], in any
// wrapping; any other error, and a reply that does not fit the device's line,
// reaches the device as a timeout.
type Exchange func(ctx context.Context, host string, port int, request []byte) ([]byte, error)

// carryTime bounds one exchange, as the firmware does itself where it has a
// network. It waits three times as long for the host.
const carryTime = 5 * time.Second

// Send has the device seal a reading, the JSON text data, and post it. On link
// serial it carries the requests that the device makes.
func (c *Client) Send(ctx context.Context, data []byte) (Sending, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limits == nil {
		return Sending{}, fmt.Errorf("%w: send", ErrNoHello)
	}
	if err := atMost("send", "the reading", len(data), c.limits.Data); err != nil {
		return Sending{}, err
	}
	args := []arg{bytesArg(data)}
	if err := c.fits("send", args); err != nil {
		return Sending{}, err
	}
	answer, err := c.attend(ctx, "send", args)
	if err != nil {
		return Sending{}, err
	}
	sent, err := parseSending(answer)
	if err == nil {
		sent.Data = string(data)
	}
	return sent, err
}

// attend performs a command during which the device makes requests, and carries
// them until it is answered.
func (c *Client) attend(ctx context.Context, verb string, args []arg) (json.RawMessage, error) {
	cursor := c.console.Now()
	id, err := c.send(verb, args)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errSilent)
	defer cancel()
	replies := map[uint64]bool{}
	var failed error // the first exchange that could not be carried
	for {
		item, err := cursor.Expect(ctx, console.Object(fmt.Sprintf("the answer to %d %s", id, verb), func(raw json.RawMessage) bool {
			o, err := parseObject(raw)
			return err == nil && (o.has("http") || o.has("id") && (o.number("id") == uint64(id) || replies[o.number("id")]))
		}))
		if err != nil {
			return nil, fmt.Errorf("control: %s: %w", verb, errors.Join(err, failed))
		}
		switch {
		case hasID(id)(item.JSON) && failed != nil:
			return nil, failed
		case hasID(id)(item.JSON):
			return item.JSON, nil
		case isHTTP(item.JSON):
			words, err := c.carried(ctx, item.JSON)
			reply, sendErr := c.send("reply", words)
			if failed == nil {
				failed = errors.Join(err, sendErr)
			}
			replies[uint64(reply)] = true
		default: // a reply has no answer but a refusal
			_, err := judge("reply", item.JSON)
			return nil, cmp.Or(err, fmt.Errorf("%w: reply: answered", ErrAnswer))
		}
	}
}

// isHTTP reports whether a record asks for an exchange.
func isHTTP(raw json.RawMessage) bool {
	o, err := parseObject(raw)
	return err == nil && o.has("http") && !o.has("id")
}

// carried performs the exchange that a record asks for and returns the words of
// the reply: what came back, and for which record, so that a late one is not
// taken for the next. The error is the harness's; the server's is in the words.
//
// A reply too long for the device's line reaches it as a timeout, and is no
// error. Cut short it could mean something else: a body that ends in time to be
// valid.
func (c *Client) carried(ctx context.Context, raw json.RawMessage) ([]arg, error) {
	req, err := parseRequest(raw)
	if err != nil {
		return []arg{{text: "timeout"}}, err
	}
	words := []arg{{text: "timeout"}, numberArg(req.n)}
	if c.carry == nil {
		return words, errors.New("control: nobody was named to carry the device's requests")
	}
	ctx, cancel := context.WithTimeout(ctx, carryTime)
	defer cancel()
	reply, err := c.carry(ctx, req.host, req.port, req.bytes)
	switch whole := []arg{bytesArg(reply), words[1]}; {
	case errors.Is(err, syscall.ECONNREFUSED):
		words[0].text = "refused"
	case err == nil && c.fits("reply", whole) == nil:
		return whole, nil
	}
	return words, nil
}

// request is an exchange that the device asks for.
type request struct {
	n     uint64
	host  string
	port  int
	bytes []byte
}

func parseRequest(raw json.RawMessage) (request, error) {
	record, err := parseObject(raw)
	if err != nil {
		return request{}, fmt.Errorf("%w: http: %v", ErrAnswer, err)
	}
	o := record.object("http")
	r := request{n: o.number("n"), host: o.text("host"), port: o.count("port", 65535), bytes: o.bytes("request", -1)}
	if addr, err := netip.ParseAddr(r.host); err != nil || !addr.Is4() {
		o.fail("host", "an IPv4 address")
	}
	for _, part := range []*object{record, o} {
		if err := part.check("http"); err != nil {
			return request{}, err
		}
	}
	return r, nil
}

func parseSending(raw json.RawMessage) (Sending, error) {
	o, err := judge("send", raw)
	if err != nil {
		return Sending{}, err
	}
	s := Sending{
		SEQN:     o.number("seqn"),
		Outcome:  Outcome(o.text("outcome")),
		Attempts: o.count("attempts", 4),
		HTTP:     o.count("http", 999),
		Salt:     [8]byte(o.bytes("salt", 8)),
		MD5:      [16]byte(o.bytes("md5", 16)),
	}
	switch s.Outcome {
	case Accepted, Refused, Presumed, Unknown:
	default:
		o.fail("outcome", "an outcome")
	}
	if err := o.check("send"); err != nil {
		return Sending{}, err
	}
	return s, nil
}
