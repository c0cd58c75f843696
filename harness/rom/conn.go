package rom

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/espalier-hil/espalier/harness/slip"
)

// Sentinels that callers tell apart, beside [Status].
var (
	// ErrNoReply reports that the loader did not answer in time: no board,
	// no power, the wrong port, or a board that is not in its loader.
	ErrNoReply = errors.New("rom: no reply")

	// ErrStub reports a loader that is not the ROM's: somebody left a
	// flasher stub running.
	ErrStub = errors.New("rom: a flasher stub answers, not the ROM")

	// ErrChip reports a chip that is not an ESP8266.
	ErrChip = errors.New("rom: not an ESP8266")

	// ErrFlashID reports a flash chip that does not say what it is.
	ErrFlashID = errors.New("rom: flash chip does not answer")

	// ErrRange reports an image that cannot lie where it is asked to.
	ErrRange = errors.New("rom: image does not fit")
)

// Times that esptool has found sufficient on boards in the field.
const (
	replyTimeout  = 3 * time.Second
	syncTimeout   = 100 * time.Millisecond
	eraseTimePer  = 40 * time.Second // for each MiB
	quiet         = 100 * time.Millisecond
	syncAttempts  = 7
	syncsPerTry   = 5
	staleReplies  = 100  // replies to something else that are passed over
	largestPacket = 8192 // the ROM's own buffer
)

// Line is what the loader is reached through: a port, or one borrowed from a
// console. A Read that gets nothing in the time set returns
// [os.ErrDeadlineExceeded].
type Line interface {
	io.ReadWriter
	SetReadTimeout(time.Duration) error
}

// Conn is a conversation with the loader. It is not safe for concurrent use.
type Conn struct {
	baud    int
	line    timedLine
	packets *slip.Reader
	room    uint64 // bytes of flash that can be written, as far as is known
}

// New returns a conversation over line, which runs at baud. Nothing is sent.
func New(line Line, baud int) *Conn {
	c := &Conn{baud: baud, line: timedLine{Line: line}, room: largestFlash}
	c.packets = slip.NewReader(&c.line, largestPacket)
	return c
}

// Connect makes the loader listen. It calls enter, which resets the board into
// its loader (nil: a person did), and sends SYNC until there is an answer; the
// first is always lost, because the loader measures the line's speed on it.
func (c *Conn) Connect(ctx context.Context, enter func(context.Context) error) error {
	for range syncAttempts {
		if enter != nil {
			if err := enter(ctx); err != nil {
				return fmt.Errorf("rom: reset into the loader: %w", err)
			}
		}
		for range syncsPerTry {
			err := c.sync(ctx)
			if err == nil {
				return c.drain(ctx)
			}
			if !errors.Is(err, ErrNoReply) {
				return err
			}
		}
	}
	return fmt.Errorf("%w to SYNC, %d × %d tries; %s", ErrNoReply, syncAttempts, syncsPerTry, c.line.heard())
}

func (c *Conn) sync(ctx context.Context) error {
	c.packets.Reset()
	value, err := c.command(ctx, Sync, 0, syncData, syncTimeout)
	if err == nil && value == 0 {
		return fmt.Errorf("%w: reset the board by its button", ErrStub)
	}
	return err
}

// drain reads until the line is quiet, so that no late answer is taken for the
// answer to what comes next.
func (c *Conn) drain(ctx context.Context) error {
	for range staleReplies {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("rom: wait for a quiet line: %w", err)
		}
		c.line.deadline = time.Now().Add(quiet)
		_, err := c.packets.ReadPacket()
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			c.packets.Reset()
			return nil
		case err != nil && !damaged(err):
			return fmt.Errorf("rom: wait for a quiet line: %w", err)
		}
	}
	return fmt.Errorf("%w: the line does not become quiet; %s", ErrNoReply, c.line.heard())
}

// ReadReg returns the word at addr, which must be aligned and mapped.
func (c *Conn) ReadReg(ctx context.Context, addr uint32) (uint32, error) {
	value, err := c.command(ctx, ReadReg, 0, words(addr), replyTimeout)
	if err != nil {
		return 0, fmt.Errorf("rom: READ_REG %08x: %w", addr, err)
	}
	return value, nil
}

// WriteReg stores value at addr.
func (c *Conn) WriteReg(ctx context.Context, addr, value uint32) error {
	if _, err := c.command(ctx, WriteReg, 0, words(addr, value, 0xFFFFFFFF, 0), replyTimeout); err != nil {
		return fmt.Errorf("rom: WRITE_REG %08x: %w", addr, err)
	}
	return nil
}

// command sends one request and returns the value of its reply. The error is a
// [Status], ErrNoReply, or what the line or ctx reported.
func (c *Conn) command(ctx context.Context, op OpCode, sum uint32, data []byte, timeout time.Duration) (uint32, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if _, err := c.line.Write(slip.Append(nil, request(op, sum, data))); err != nil {
		return 0, err
	}
	c.line.deadline = time.Now().Add(timeout)
	for range staleReplies {
		packet, err := c.packets.ReadPacket()
		switch {
		case damaged(err):
			continue
		case errors.Is(err, os.ErrDeadlineExceeded):
			return 0, fmt.Errorf("%w to %s within %v", ErrNoReply, op, timeout)
		case err != nil:
			return 0, err
		}
		r, ok := parseReply(packet)
		if !ok || r.op != op {
			continue
		}
		if r.status != 0 {
			return 0, r.code
		}
		return r.value, nil
	}
	return 0, fmt.Errorf("%w to %s among %d packets", ErrNoReply, op, staleReplies)
}

// damaged reports whether err spoils one packet and not the line.
func damaged(err error) bool {
	return errors.Is(err, slip.ErrEscape) || errors.Is(err, slip.ErrTooLong)
}

// timedLine is a Line whose reads end at a deadline, however much comes in, and
// that remembers the last bytes for whoever must explain a silence.
type timedLine struct {
	Line
	deadline time.Time
	last     []byte
}

// memory is how many bytes a message about a failure shows.
const memory = 16

func (l *timedLine) Read(p []byte) (int, error) {
	left := time.Until(l.deadline)
	if left <= 0 {
		return 0, os.ErrDeadlineExceeded
	}
	if err := l.SetReadTimeout(left); err != nil {
		return 0, err
	}
	n, err := l.Line.Read(p)
	l.last = append(l.last, p[:n]...)
	l.last = l.last[max(0, len(l.last)-memory):]
	return n, err
}

// heard says what came in last.
func (l *timedLine) heard() string {
	if len(l.last) == 0 {
		return "nothing came back"
	}
	return fmt.Sprintf("last bytes % x", l.last)
}
