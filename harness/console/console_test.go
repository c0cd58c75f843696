package console_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/port/porttest"
)

const bootText = "\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n\r\nload 0x40100000, len 44, room 16 \r\ntail 12\r\nchksum 0x12\r\ncsum 0x12\r\n"

// open returns a console and the device at the other end of its cable.
func open(t *testing.T, cfg console.Config) (*console.Console, *porttest.Device) {
	t.Helper()
	host, device := porttest.Pipe()
	c, err := console.New(host, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, device
}

// soon is the context of what must happen, and ends long after it should have.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// over is the context of what must not happen.
func over(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

// says returns a reset that makes the device say text.
func says(d *porttest.Device, text string) func(context.Context) error {
	return func(context.Context) error {
		_, err := d.Write([]byte(text))
		return err
	}
}

// boot takes c through its first reset.
func boot(t *testing.T, c *console.Console, d *porttest.Device) console.Item {
	t.Helper()
	item, err := c.Reset(soon(t), says(d, bootText), console.External)
	if err != nil {
		t.Fatal(err)
	}
	return item
}

func TestExpect(t *testing.T) {
	c, d := open(t, console.Config{})
	cur, other := c.Now(), c.Now()
	d.Write([]byte("one\r\ntwo 22\r\n\x1e{\"id\":7}\nthree\r\n"))
	object := console.Object("a record", func(json.RawMessage) bool { return true })
	for i, tt := range []struct {
		m    console.Matcher
		want string
	}{
		{console.Text("one"), "one"},
		{console.Regexp(regexp.MustCompile(`\d+$`)), "two 22"},
		{object, `{"id":7}`},
		{console.Any(console.Text("four"), console.Text("three")), "three"},
	} {
		item, err := cur.Expect(soon(t), tt.m)
		if err != nil || item.Text != tt.want {
			t.Errorf("step %d: %q, %v", i+1, item.Text, err)
		}
	}
	// What one cursor has passed is still there for another.
	if item, err := other.Expect(soon(t), console.Text("two")); err != nil || item.At.IsZero() {
		t.Errorf("second cursor: %+v, %v", item, err)
	}
	// A record is not log, and what is behind a cursor is past.
	for _, m := range []console.Matcher{console.Text(`"id"`), console.Text("one")} {
		if _, err := cur.Expect(over(t), m); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", m.What, err)
		}
	}
}

// stuck is a port that takes nothing, and does not say so to its reader.
type stuck struct{ boards.Port }

func (stuck) Write([]byte) (int, error) { return 0, porttest.ErrUnplugged }

// A port on which writing fails is lost for all, whether its reader knows or not.
func TestLossNoticedByTheWriter(t *testing.T) {
	host, _ := porttest.Pipe()
	c, err := console.New(stuck{host}, console.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	waiting := make(chan error, 1)
	go func() {
		_, err := c.Now().Expect(soon(t), console.Text("more"))
		waiting <- err
	}()
	for what, err := range map[string]error{"write": c.WriteAs([]byte("1 hello\n"), nil), "all": c.Err(), "who waits": <-waiting} {
		if !errors.Is(err, console.ErrLost) || !errors.Is(err, porttest.ErrUnplugged) {
			t.Errorf("%s: %v", what, err)
		}
	}

	// But what the port says last comes first.
	host, device := porttest.Pipe()
	if c, err = console.New(stuck{host}, console.Config{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	boot(t, c, device)
	go func() {
		device.Write([]byte("Fatal exception (0): \r\nepc1=0x40100000, epc2=0x0, epc3=0x0, excvaddr=0x0, depc=0x0\r\n"))
		device.Unplug()
	}()
	if _, err := c.Write([]byte("1 hello\n")); err == nil {
		t.Error("written")
	}
	if crash, ok := errors.AsType[*console.Crash](c.Err()); !ok {
		t.Errorf("%v, want the crash %v", c.Err(), crash)
	}
}

// The first line is found by who comes late, too.
func TestExpectFromTheBeginning(t *testing.T) {
	c, d := open(t, console.Config{})
	early, now := c.After(0), c.Now()
	d.Write([]byte("first\nsecond\n"))
	if _, err := now.Expect(soon(t), console.Text("second")); err != nil {
		t.Fatal(err)
	}
	anything := console.Matcher{What: "anything", Match: func(console.Item) bool { return true }}
	for _, cur := range []*console.Cursor{early, c.After(0)} {
		if item, err := cur.Expect(soon(t), anything); err != nil || item.Text != "first" || item.N != 1 {
			t.Errorf("item %d: %q, %v", item.N, item.Text, err)
		}
	}
}

func TestExpectSaysWhereItStuck(t *testing.T) {
	c, d := open(t, console.Config{})
	if _, err := c.Now().Expect(over(t), console.Text("x")); !strings.HasSuffix(err.Error(), "nothing was heard") {
		t.Errorf("got %v", err)
	}
	c.Write([]byte("1 hello -\n"))
	d.Write([]byte("hm?\nwifi \x01"))
	c.After(0).Expect(soon(t), console.Text("hm?"))
	_, err := c.Now().Expect(over(t), console.Any(console.Text("ready"), console.Text("set")))
	for _, want := range []string{`expected "ready" or "set"`, "> 1 hello -", "< hm?"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

func TestLostPort(t *testing.T) {
	c, d := open(t, console.Config{})
	cur := c.Now()
	waiting := make(chan error)
	go func() {
		_, err := c.Now().Expect(soon(t), console.Text("never"))
		waiting <- err
	}()
	d.Write([]byte("last words\n"))
	d.Unplug()
	if err := <-waiting; !errors.Is(err, console.ErrLost) || !errors.Is(err, porttest.ErrUnplugged) {
		t.Errorf("who waits is told %v", err)
	}
	if _, err := cur.Expect(soon(t), console.Text("last words")); err != nil {
		t.Errorf("what came before is gone: %v", err)
	}
	if _, err := cur.Expect(soon(t), console.Text("more")); !errors.Is(err, console.ErrLost) {
		t.Errorf("who comes later is told %v", err)
	}
	if _, err := c.Write([]byte("1 hello\n")); !errors.Is(err, console.ErrLost) {
		t.Errorf("who writes is told %v", err)
	}
	if _, err := c.Borrow(soon(t)); !errors.Is(err, console.ErrLost) {
		t.Errorf("who borrows is told %v", err)
	}
	if err := c.Err(); !errors.Is(err, console.ErrLost) {
		t.Error(err)
	}
}

func TestClose(t *testing.T) {
	c, _ := open(t, console.Config{})
	cur := c.Now()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := cur.Expect(soon(t), console.Text("x")); !errors.Is(err, console.ErrClosed) || errors.Is(err, console.ErrLost) {
		t.Error(err)
	}
}

// A device that talks all night fills the history up to its limit, and whoever
// has not listened learns that something is missing.
func TestHistoryBound(t *testing.T) {
	c, d := open(t, console.Config{History: 4096, Timeline: 4096})
	early := c.Now()
	for range 100 {
		d.Write([]byte(strings.Repeat("blah ", 20) + "\n"))
	}
	d.Write([]byte("end\n"))
	for !strings.Contains(c.Tail(1), "end") {
		c.Now().Expect(over(t), console.Text("end")) // it may come, or have come
	}
	if item, err := c.Now().Expect(over(t), console.Text("end")); err == nil {
		t.Fatalf("a cursor at the end found %q", item.Text)
	}
	if n := strings.Count(c.Tail(1000), "\n"); n > 32 {
		t.Errorf("%d lines are kept", n)
	}
	if _, err := early.Expect(soon(t), console.Text("end")); !errors.Is(err, console.ErrOverrun) {
		t.Errorf("got %v", err)
	}
	if c.Timeline().Dropped() == 0 || len(c.Timeline().Events(time.Time{}, time.Time{})) > 64 {
		t.Errorf("timeline keeps %d events, dropped %d", len(c.Timeline().Events(time.Time{}, time.Time{})), c.Timeline().Dropped())
	}
}

func TestTail(t *testing.T) {
	c, d := open(t, console.Config{})
	d.Write([]byte("a\nb\n\x1b[31mc\n" + strings.Repeat("d", 1000) + "\n"))
	if _, err := c.After(0).Expect(soon(t), console.Text("ddd")); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(c.Tail(3), "\n")
	if len(lines) != 4 || !strings.HasSuffix(lines[0], "< b") || !strings.HasSuffix(lines[1], `< "\x1b[31mc"`) {
		t.Errorf("got %q", lines)
	}
	if len(lines[2]) > 300 || !strings.HasSuffix(lines[2], "dd…") {
		t.Errorf("a long line is shown with %d bytes", len(lines[2]))
	}
}

// A port that cannot be read is refused at once.
func TestNewFails(t *testing.T) {
	host, _ := porttest.Pipe()
	if _, err := console.New(deaf{host}, console.Config{}); !errors.Is(err, os.ErrInvalid) {
		t.Error(err)
	}
}

type deaf struct{ *porttest.Host }

func (deaf) SetReadTimeout(time.Duration) error { return os.ErrInvalid }
