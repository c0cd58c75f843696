package rfc2217

import (
	"errors"
	"fmt"
)

// ErrStream reports bytes that are no telnet.
var ErrStream = errors.New("rfc2217: not telnet")

// Kind tells the events of a stream apart.
type Kind int

// The kinds of [Event].
const (
	None           Kind = iota // the bytes end in the middle of something
	Data                       // bytes of the serial port, in Payload
	Negotiation                // Verb and Option
	Subnegotiation             // Option and Payload
	Other                      // Verb: another command
)

// Event is one thing that a stream says.
type Event struct {
	Kind    Kind
	Verb    byte   // of a Negotiation: WILL, WONT, DO or DONT
	Option  byte   // of a Negotiation or Subnegotiation
	Payload []byte // Data may point into what was given to Next
}

// Command returns what a subnegotiation of RFC 2217 carries, and its value.
func (e Event) Command() (Command, []byte, bool) {
	if e.Kind != Subnegotiation || e.Option != ComPort || len(e.Payload) == 0 {
		return 0, nil, false
	}
	return Command(e.Payload[0]), e.Payload[1:], true
}

// Decoder takes a stream apart, however it is cut into pieces. The zero value
// is ready to use.
type Decoder struct {
	state   state
	verb    byte
	option  byte
	payload []byte
}

type state int

const (
	inData   state = iota
	sawIAC         // FF
	sawVerb        // FF verb
	sawSB          // FF FA
	inSub          // FF FA option
	inSubIAC       // FF FA option … FF
)

// Next returns the first event in p and what follows it. The error is
// ErrStream, after which there is no going on.
func (d *Decoder) Next(p []byte) (Event, []byte, error) {
	if d.state == inData {
		n := 0
		for n < len(p) && p[n] != IAC {
			n++
		}
		if n > 0 {
			return Event{Kind: Data, Payload: p[:n]}, p[n:], nil
		}
	}
	for i, b := range p {
		if e, err := d.feed(b); e.Kind != None || err != nil {
			return e, p[i+1:], err
		}
	}
	return Event{}, nil, nil
}

// feed takes one byte that is not plain data.
func (d *Decoder) feed(b byte) (Event, error) {
	switch d.state {
	case inData:
		d.state = sawIAC
	case sawIAC:
		return d.command(b)
	case sawVerb:
		d.state = inData
		return Event{Kind: Negotiation, Verb: d.verb, Option: b}, nil
	case sawSB:
		d.state, d.option, d.payload = inSub, b, nil
		if b == IAC { // option 255 would have to be sent twice, and is used by nobody
			return Event{}, fmt.Errorf("%w: a subnegotiation without an option", ErrStream)
		}
	case inSub:
		if b == IAC {
			d.state = inSubIAC
			break
		}
		return Event{}, d.add(b)
	case inSubIAC:
		switch b {
		case SE:
			d.state = inData
			return Event{Kind: Subnegotiation, Option: d.option, Payload: d.payload}, nil
		case IAC:
			d.state = inSub
			return Event{}, d.add(b)
		}
		return Event{}, fmt.Errorf("%w: FF %02X inside a subnegotiation", ErrStream, b)
	}
	return Event{}, nil
}

// command takes the byte after an IAC.
func (d *Decoder) command(b byte) (Event, error) {
	d.state = inData
	switch b {
	case IAC:
		return Event{Kind: Data, Payload: []byte{IAC}}, nil
	case WILL, WONT, DO, DONT:
		d.state, d.verb = sawVerb, b
		return Event{}, nil
	case SB:
		d.state = sawSB
		return Event{}, nil
	}
	if b < SE {
		return Event{}, fmt.Errorf("%w: FF %02X is no command", ErrStream, b)
	}
	return Event{Kind: Other, Verb: b}, nil
}

func (d *Decoder) add(b byte) error {
	if len(d.payload) == longestPayload {
		return fmt.Errorf("%w: a subnegotiation of option %d does not end within %d bytes", ErrStream, d.option, longestPayload)
	}
	d.payload = append(d.payload, b)
	return nil
}
