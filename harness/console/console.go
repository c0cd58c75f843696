// Package console keeps hold of a board's serial port for as long as a run
// lasts. One goroutine reads; everything that passes is kept with its time; the
// device's words are cut into lines of log and records; whoever waits for one
// of them, waits here.
//
// The port is opened before the first reset and stays open between specs, so
// nothing that a board says is lost, and a board that crashes while nobody
// listens is found out: see [Crash].
//
//	c := console.New(port, console.Config{})
//	loan, err := c.Borrow(ctx)       // the flasher speaks to the loader
//	err = rom.New(loan, baud).Flash(ctx, image, 0, nil)
//	loan.Close()
//	boot, err := c.Reset(ctx, hard, console.External)
//	item, err := c.After(boot.N).Expect(ctx, console.Text("ready"))
//
// A Console is safe for concurrent use.
package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/crash"
)

// Sentinels of those who wait or write, beside [Crash].
var (
	// ErrLost reports a port that is gone; the cause is wrapped with it.
	ErrLost = errors.New("console: port lost")

	// ErrClosed reports a console that the harness has closed itself.
	ErrClosed = errors.New("console: closed")

	// ErrBorrowed reports that the port is lent to somebody else.
	ErrBorrowed = errors.New("console: port is borrowed")

	// ErrOverrun reports a cursor whose next line is no longer kept.
	ErrOverrun = errors.New("console: history no longer reaches back so far")
)

// Kind tells apart what is in the history.
type Kind int

// The kinds of [Item].
const (
	Log    Kind = iota // a line of the device, or of noise
	BootUp             // the mask ROM's boot line
	Record             // a JSON object
	Sent               // what the harness wrote, as the timeline shows it
)

// Item is one line or record.
type Item struct {
	N    uint64    // its place in the history
	At   time.Time // when its end was read
	Kind Kind
	Text string          // without line end; of a record, its JSON
	JSON json.RawMessage // of a Record
	Boot Boot            // of a BootUp

	expected bool // a BootUp that Reset waits for
}

// Config bounds what is kept. The zero value is ready to use.
type Config struct {
	History  int         // bytes of lines; 4 MiB if 0
	Timeline int         // bytes of raw data; 64 MiB if 0
	Observe  func(Event) // told of each event as it happens; must not call back
}

// Console is the one reader of a port.
type Console struct {
	port     boards.Port
	timeline *Timeline
	start    time.Time
	done     chan struct{} // closed when the reader has ended

	mu        sync.Mutex
	changed   chan struct{} // closed, and replaced, at each change
	history   history
	splitter  splitter
	watch     watch
	crash     *Crash
	crashed   uint64 // place of the line that told of crash
	err       error  // of the port, for ever
	closing   bool
	malformed int
	loan      *Loan
	baud      int

	writing sync.Mutex // keeps timeline and line in the same order
}

// New takes port over and starts to read. [Console.Close] closes the port.
func New(port boards.Port, cfg Config) (*Console, error) {
	if err := port.SetReadTimeout(-1); err != nil {
		return nil, fmt.Errorf("console: start reading: %w", err)
	}
	c := &Console{
		port:     port,
		start:    time.Now(),
		done:     make(chan struct{}),
		changed:  make(chan struct{}),
		timeline: newTimeline(cfg.Timeline, cfg.Observe),
		history:  newHistory(cfg.History),
	}
	go c.read()
	return c, nil
}

// Close closes the port and waits for the reader to end.
func (c *Console) Close() error {
	c.mu.Lock()
	c.closing = true
	c.mu.Unlock()
	err := c.port.Close()
	<-c.done
	return err
}

// Timeline returns the record of all that passed.
func (c *Console) Timeline() *Timeline { return c.timeline }

// Malformed returns how many records came damaged.
func (c *Console) Malformed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.malformed
}

// Err returns the crash or the loss that everybody waiting would be told of
// now, or nil.
func (c *Console) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fatal()
}

// fatal is Err with the lock held.
func (c *Console) fatal() error {
	if c.crash != nil {
		return c.crash
	}
	return c.err
}

// read is the goroutine that reads, until the port ends.
func (c *Console) read() {
	defer close(c.done)
	buf := make([]byte, 4096)
	for {
		n, err := c.port.Read(buf)
		if n > 0 {
			c.received(slices.Clone(buf[:n]))
		}
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			c.lost(err)
			return
		}
	}
}

// received takes in what was read.
func (c *Console) received(p []byte) {
	at := c.timeline.add(Received, p, false)
	c.mu.Lock()
	defer c.mu.Unlock()
	defer c.notify()
	if c.loan != nil {
		c.loan.received(p)
		return
	}
	c.splitter.feed(p, func(pc piece) { c.arrived(at, pc) })
	if c.crash == nil {
		c.died(c.watch.partial(c.splitter.rest()))
	}
}

// arrived files one piece, with the lock held.
func (c *Console) arrived(at time.Time, p piece) {
	if p.malformed {
		c.malformed++
	}
	if len(p.text) == 0 {
		return
	}
	item := Item{At: at, Text: string(p.text)}
	if p.record {
		item.Kind, item.JSON = Record, p.text
		c.history.add(item)
		return
	}
	if boot, ok := ParseBoot(item.Text); ok {
		item.Kind, item.Boot, item.expected = BootUp, boot, c.watch.expects(boot)
	}
	death := c.watch.line(item.Text)
	c.history.add(item)
	if c.crash == nil {
		c.died(death)
	}
}

// died notes the first crash since the last reset, with the lock held. It lies
// behind all that has arrived.
func (c *Console) died(death *Crash) {
	if death != nil {
		c.crash, c.crashed = death, c.history.end()
	}
}

// lost ends the use of the port, and returns what everybody is told from now on:
// the first that was noticed.
func (c *Console) lost(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closing:
		c.err = ErrClosed
	case c.err == nil:
		c.err = fmt.Errorf("%w: %w", ErrLost, err)
	}
	c.notify()
	return c.err
}

// notify wakes everybody who waits, with the lock held.
func (c *Console) notify() {
	close(c.changed)
	c.changed = make(chan struct{})
}

// Reset calls do, which must reset the board, and returns the place of the boot
// line that this one reset causes. A boot for another cause than those given is
// a [Crash]; with none given, any cause but the watchdog's is accepted.
//
// A crash that was reported before is over with the call. Up to the end of the
// first Reset nothing counts as a crash: opening a port may reset a board, and
// what it carries may be anything.
func (c *Console) Reset(ctx context.Context, do func(context.Context) error, causes ...Cause) (Item, error) {
	c.mu.Lock()
	if c.loan != nil {
		c.mu.Unlock()
		return Item{}, fmt.Errorf("%w: reset", ErrBorrowed)
	}
	c.crash, c.watch.fatal, c.watch.dump = nil, "", crash.Dump{}
	c.watch.causes = append([]Cause{}, causes...)
	cursor := &Cursor{console: c, next: c.history.end()}
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		c.watch.causes = nil
		c.mu.Unlock()
	}()
	if err := do(ctx); err != nil {
		return Item{}, fmt.Errorf("console: reset: %w", err)
	}
	return cursor.Expect(ctx, Matcher{"the boot line of the mask ROM", func(i Item) bool { return i.expected }})
}
