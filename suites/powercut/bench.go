package powercut

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// bench is a board and the host's end of its console. The board runs while it is
// read from, so all of it is one thread, and the same seed gives the same run.
type bench struct {
	board *virtual.Board
	port  boards.Port
	id    int
	said  []byte // since the supply came, or the last record
	since virtual.Stats
	count Count
	chronicle
}

// patience is how long, in the board's own time, anything may take.
const patience = 20 * time.Second

// errLost reports that the supply failed while the device was listened to.
var errLost = errors.New("the supply has failed")

func newBench(cfg Config) (*bench, error) {
	made := &bench{}
	b, err := virtual.New(virtual.Config{FlashSize: 512 << 10, Seed: cfg.Seed, ROM: cfg.ROM, Witness: made.happens})
	if err != nil {
		return nil, err
	}
	if err := b.LoadFlash(0, cfg.Image); err != nil {
		return nil, err
	}
	p, err := b.Port()
	if err != nil {
		return nil, err
	}
	if err := p.SetReadTimeout(patience); err != nil {
		return nil, err
	}
	made.board, made.port = b, p
	return made, nil
}

// restore brings the board to s. All else begins anew, so that what follows is
// the same each time.
func (b *bench) restore(s *virtual.Snapshot) error {
	b.said, b.id, b.chronicle = nil, 0, chronicle{}
	err := b.board.Restore(s)
	b.since = b.board.Stats()
	return err
}

// cutIn cuts the power in a pulse, the next being 1.
func (b *bench) cutIn(pulse int, place Place, cfg Config) {
	b.board.Cut(virtual.Cut{After: uint64(pulse), Of: virtual.Pulses, Seed: place.seed(cfg.Seed), Whole: cfg.Whole})
}

// settle counts what has happened since restore.
func (b *bench) settle(seen, missed int) {
	now := b.board.Stats()
	b.count.add(Count{
		Numbers: seen, Skipped: missed,
		Torn: int(now.Torn - b.since.Torn), Wavering: int(now.Wavered - b.since.Wavered),
	})
}

// record is what any record of the firmware may hold, as far as it matters here.
type record struct {
	ID            int
	OK            bool
	Error, Detail string
	Hello         *hello
	HTTP          json.RawMessage // an object on its way out, a status in an answer
	Next          uint64
	Outcome       string
}

// hello is what a device says of itself as it comes up.
type hello struct {
	Device string // its id, in hexadecimal
	Next   *uint64
	Store  string
}

// message is what leaves a device on its way to the backend.
type message struct{ id, msg string }

// open returns the number in the message.
func (m message) open(passphrase string) (uint64, error) {
	r, err := envelope.Open(passphrase, m.msg)
	return r.SEQN, err
}

// next returns the next record. The error is errLost, or says what went wrong.
func (b *bench) next() (record, error) {
	var buf [512]byte
	for {
		if _, after, found := bytes.Cut(b.said, []byte{0x1e}); found {
			if line, _, whole := bytes.Cut(after, []byte{'\n'}); whole {
				var r record
				if err := json.Unmarshal(line, &r); err != nil {
					return r, fmt.Errorf("it says %q: %w", line, err)
				}
				b.said = b.said[len(b.said)-len(after)+len(line):]
				return r, nil
			}
		}
		if bytes.Contains(b.said, []byte("Fatal exception")) {
			return record{}, fmt.Errorf("it crashed: %q", b.said)
		}
		n, err := b.port.Read(buf[:])
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded) && !b.board.Powered():
			b.said = nil
			return record{}, errLost
		case errors.Is(err, os.ErrDeadlineExceeded):
			return record{}, fmt.Errorf("it says nothing for %v but %q", patience, b.said)
		case err != nil:
			return record{}, err
		}
		b.said = append(b.said, buf[:n]...)
		b.passes(b.board.Stats().Now, console.Received, buf[:n])
	}
}

// tell sends a line under the next id.
func (b *bench) tell(format string, args ...any) error {
	b.id++
	line := fmt.Appendf(nil, "%d "+format+"\n", append([]any{b.id}, args...)...)
	b.passes(b.board.Stats().Now, console.Transmitted, line)
	_, err := b.port.Write(line)
	return err
}

// answer returns the answer to the last line, which has to say ok.
func (b *bench) answer() (record, error) {
	r, err := b.next()
	switch {
	case err != nil:
		return r, err
	case r.ID != b.id:
		return r, fmt.Errorf("it says %+v instead of the answer to %d", r, b.id)
	case !r.OK:
		return r, fmt.Errorf("it refuses: %s: %s", r.Error, r.Detail)
	}
	return r, nil
}

func (b *bench) do(format string, args ...any) (record, error) {
	if err := b.tell(format, args...); err != nil {
		return record{}, err
	}
	return b.answer()
}

// boot waits for the greeting of a device whose supply has come.
func (b *bench) boot() (hello, error) {
	b.said = nil
	b.board.PowerOn()
	r, err := b.next()
	switch {
	case err != nil:
		return hello{}, err
	case r.Hello == nil:
		return hello{}, fmt.Errorf("it says %+v instead of a greeting", r)
	}
	return *r.Hello, nil
}

// ready has a device that came up know where to send.
func (b *bench) ready() error {
	if _, err := b.do("link serial"); err != nil {
		return err
	}
	_, err := b.do("server 10.0.0.1 80")
	return err
}

// leave has the device send a reading, up to where its message has left it and
// it waits for the backend.
func (b *bench) leave() (message, error) {
	if err := b.tell("send 31"); err != nil {
		return message{}, err
	}
	r, err := b.next()
	if err != nil {
		return message{}, err
	}
	return carried(r)
}

// accept is the backend's OK, and the device's answer to its send.
func (b *bench) accept() error {
	send := b.id
	if err := b.tell("reply %x", "HTTP/1.1 200 OK\r\nContent-Length: 15\r\nConnection: close\r\n\r\n"+`{"status":"OK"}`); err != nil {
		return err
	}
	b.id = send
	r, err := b.answer()
	b.id++
	if err == nil && r.Outcome != "accepted" {
		err = fmt.Errorf("told OK, it says %q", r.Outcome)
	}
	return err
}

// carried reads the message in a record that asks for an exchange.
func carried(r record) (message, error) {
	var request struct{ Request string }
	if r.HTTP == nil || json.Unmarshal(r.HTTP, &request) != nil {
		return message{}, fmt.Errorf("it says %+v instead of a message", r)
	}
	raw, err := hex.DecodeString(request.Request)
	if err != nil {
		return message{}, fmt.Errorf("its request is %q: %w", request.Request, err)
	}
	head, body, _ := strings.Cut(string(raw), "\r\n\r\n")
	var m struct{ Msg string }
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return message{}, fmt.Errorf("it posts %q: %w", body, err)
	}
	path, _, _ := strings.Cut(strings.TrimPrefix(head, "POST /data/"), " ")
	return message{path, m.Msg}, nil
}

func hexOf(s string) string { return hex.EncodeToString([]byte(s)) }
