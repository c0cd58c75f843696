package port

import (
	"errors"
	"fmt"
	"time"

	"github.com/espalier-hil/espalier/boards/rfc2217"
)

// errUnanswered reports a question that the server has passed over.
var errUnanswered = errors.New("no answer")

// ask sends a question and returns the answer to its command. Others are passed
// over: they are late, and to earlier ones.
func (r *remote) ask(p []byte, command rfc2217.Command) ([]byte, error) {
	r.changing.Lock()
	defer r.changing.Unlock()
	value, err := r.question(p, command, func([]byte) bool { return true })
	if errors.Is(err, errUnanswered) {
		err = fmt.Errorf("%w: %s: %w", ErrServer, r.name, err)
	}
	return value, err
}

// question sends p, and returns the first answer to command that counts. The
// caller holds changing.
func (r *remote) question(p []byte, command rfc2217.Command, counts func(value []byte) bool) ([]byte, error) {
	for len(r.answers) > 0 { // to what nobody waits for any more
		<-r.answers
	}
	if err := r.send(p); err != nil {
		return nil, err
	}
	return r.await(command, counts)
}

func (r *remote) await(command rfc2217.Command, counts func(value []byte) bool) ([]byte, error) {
	timer := time.NewTimer(r.patient)
	defer timer.Stop()
	for {
		select {
		case a := <-r.answers:
			if a.command == command && counts(a.value) {
				return a.value, nil
			}
		case <-r.gone:
			return nil, r.isLost()
		case <-timer.C:
			return nil, fmt.Errorf("%w to %s within %v", errUnanswered, command, r.patient)
		}
	}
}

// baudTolerance is by how many percent a port may miss the speed that it was
// asked for, and still be understood. Dividers do miss it a little.
const baudTolerance = 3

// SetBaud returns when the server has confirmed the speed: what is written then
// goes out at it.
func (r *remote) SetBaud(baud int) error {
	if err := r.isLost(); err != nil {
		return err
	}
	if baud <= 0 { // 0 would ask for the speed in effect
		return fmt.Errorf("%w: %s: setting %d baud: there is no such speed", ErrNotSerial, r.name, baud)
	}
	value, err := r.ask(rfc2217.AppendBaud(nil, rfc2217.SetBaud, baud), rfc2217.SetBaud)
	if err != nil {
		return err
	}
	got, ok := rfc2217.Baud(value)
	if missed := max(got-baud, baud-got); !ok || 100*missed > baudTolerance*baud {
		return fmt.Errorf("%w: %s: setting %d baud: the server answers %d (% x)", ErrNotSerial, r.name, baud, got, value)
	}
	return nil
}

// SetDTR returns when the server has confirmed the line. One that never says
// so, as ser2net on a terminal without lines does not, counts as having none,
// and the error wraps [ErrLines]; with ign_set_control in its URL nobody waits.
func (r *remote) SetDTR(asserted bool) error { return r.setLines("DTR", dtr(asserted)) }

// SetRTS is like SetDTR.
func (r *remote) SetRTS(asserted bool) error { return r.setLines("RTS", rts(asserted)) }

// SetLines moves both lines with one packet, DTR first, and waits for both
// answers together.
func (r *remote) SetLines(dtrOn, rtsOn bool) error {
	return r.setLines("DTR and RTS", dtr(dtrOn), rts(rtsOn))
}

func dtr(on bool) rfc2217.Control {
	if on {
		return rfc2217.DTROn
	}
	return rfc2217.DTROff
}

func rts(on bool) rfc2217.Control {
	if on {
		return rfc2217.RTSOn
	}
	return rfc2217.RTSOff
}

func (r *remote) setLines(what string, moves ...rfc2217.Control) error {
	r.changing.Lock()
	defer r.changing.Unlock()
	if err := r.isLost(); err != nil {
		return err
	}
	if r.mute != nil {
		return r.mute
	}
	var p []byte
	for _, move := range moves {
		p = rfc2217.AppendCommand(p, rfc2217.SetControl, byte(move))
	}
	if r.ignore {
		return r.send(p)
	}
	for i, move := range moves {
		about := func(value []byte) bool { return len(value) == 1 && sameLine(rfc2217.Control(value[0]), move) }
		var value []byte
		var err error
		if i == 0 {
			value, err = r.question(p, rfc2217.SetControl, about)
		} else {
			value, err = r.await(rfc2217.SetControl, about)
		}
		switch {
		case errors.Is(err, errUnanswered):
			r.mute = fmt.Errorf("%w: %s: setting %s: %w; if the server moves its lines and does not say so, add ?ign_set_control to the URL", ErrLines, r.name, what, err)
			return r.mute
		case err != nil:
			return err
		case value[0] != byte(move):
			return fmt.Errorf("%w: %s: setting %s: the server answers SET-CONTROL %d with %d: it has not moved the line", ErrLines, r.name, what, move, value[0])
		}
	}
	return nil
}

// sameLine reports whether two controls are about the same line.
func sameLine(a, b rfc2217.Control) bool {
	group := func(c rfc2217.Control) rfc2217.Control {
		switch {
		case c >= rfc2217.AskDTR && c <= rfc2217.DTROff:
			return rfc2217.AskDTR
		case c >= rfc2217.AskRTS && c <= rfc2217.RTSOff:
			return rfc2217.AskRTS
		}
		return c
	}
	return group(a) == group(b)
}
