package control_test

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/control/controltest"
)

// rig is a client and the fake at the other end of its console.
type rig struct {
	*control.Client
	device  *controltest.Device
	console *console.Console
}

func open(t *testing.T, carry control.Exchange) rig {
	t.Helper()
	port, device := controltest.Open()
	c, err := console.New(port, console.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return rig{control.New(c, carry), device, c}
}

// ready is open with the limits known.
func ready(t *testing.T, carry control.Exchange) rig {
	t.Helper()
	r := open(t, carry)
	if _, err := r.Hello(soon(t), nil); err != nil {
		t.Fatal(err)
	}
	return r
}

// last returns the latest command line that the device has heard, without id.
func (r rig) last() string {
	heard := r.device.Heard()
	_, line, _ := strings.Cut(heard[len(heard)-1], " ")
	return line
}

// soon is the context of what must happen, and ends long after it should have.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// over is the context of what must not happen.
func over(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

var backend = netip.MustParseAddrPort("192.168.1.5:1880")

// salt is easy to find in a line.
var salt = [8]byte{0xA0, 1, 2, 3, 4, 5, 6, 7}

const readingHex = "7b2276616c7565223a3330307d" // {"value":300}

// verbs are all commands: how each goes out, and what comes of the answer.
var verbs = []struct {
	do    func(ctx context.Context, c *control.Client) (any, error)
	heard string
	want  any
}{
	{func(ctx context.Context, c *control.Client) (any, error) {
		return c.Provision(ctx, "12FA", "secret", 121)
	},
		"provision 31324641 736563726574 121", uint64(121)},
	{func(ctx context.Context, c *control.Client) (any, error) {
		return c.Provision(ctx, "12FA", "secret", 7)
	},
		"provision 31324641 736563726574 7", uint64(121)},
	{func(ctx context.Context, c *control.Client) (any, error) { return nil, c.Server(ctx, backend) },
		"server 192.168.1.5 1880", nil},
	{func(ctx context.Context, c *control.Client) (any, error) {
		return nil, c.Link(ctx, control.LinkVirtual)
	},
		"link virtual", nil},
	{func(ctx context.Context, c *control.Client) (any, error) { return c.Send(ctx, []byte(`{"value":300}`)) },
		"send " + readingHex, control.Sending{SEQN: 121, Outcome: control.Accepted, Attempts: 1, HTTP: 200,
			Salt: [8]byte{7: 121}, MD5: [16]byte([]byte(strings.Repeat("\x0f", 16))), Data: `{"value":300}`}},
	{func(ctx context.Context, c *control.Client) (any, error) {
		return c.Seal(ctx, "secret", salt, 5, []byte(`{"value":300}`))
	}, "seal 736563726574 a001020304050607 5 " + readingHex, "U2FsdGVkX18BAgMEBQYHCA=="},
	{func(ctx context.Context, c *control.Client) (any, error) { return c.Seal(ctx, "", salt, 0, nil) },
		"seal - a001020304050607 0 -", "U2FsdGVkX18BAgMEBQYHCA=="},
	{func(ctx context.Context, c *control.Client) (any, error) {
		key, iv, err := c.Derive(ctx, "secret", salt)
		return fmt.Sprintf("%x %x", key, iv), err
	}, "derive 736563726574 a001020304050607", strings.Repeat("a5", 32) + " " + strings.Repeat("5a", 16)},
	{func(ctx context.Context, c *control.Client) (any, error) { return c.Seqn(ctx) }, "seqn", uint64(122)},
	{func(ctx context.Context, c *control.Client) (any, error) { return c.Skip(ctx, 8) }, "seqn +8", uint64(130)},
	{func(ctx context.Context, c *control.Client) (any, error) {
		sum, size, err := c.Digest(ctx, []byte{0xC0, 0xFF, 0xEE})
		return fmt.Sprintf("%x %d", sum, size), err
	}, "digest c0ffee", fmt.Sprintf("%x %d", md5.Sum(append([]byte{0xC0, 0xFF, 0xEE}, controltest.Image...)), len(controltest.Image))},
	{func(ctx context.Context, c *control.Client) (any, error) { return c.Bench(ctx, 3) }, "bench 3", uint64(300000)},
	{func(ctx context.Context, c *control.Client) (any, error) { return c.Resync(ctx) }, "resync",
		control.Told{Next: 131, Told: 131, Attempts: 1}},
}

func TestVerbs(t *testing.T) {
	r := ready(t, nil)
	for _, tt := range verbs {
		got, err := tt.do(soon(t), r.Client)
		if err != nil {
			t.Errorf("%s: %v", tt.heard, err)
			continue
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.heard, got, tt.want)
		}
		if heard := r.last(); heard != tt.heard {
			t.Errorf("went out as %q, want %q", heard, tt.heard)
		}
	}
}

// Before a HELLO nobody knows what the device can take, so nothing is sent.
func TestHelloComesFirst(t *testing.T) {
	r := open(t, nil)
	for _, tt := range verbs {
		if _, err := tt.do(soon(t), r.Client); !errors.Is(err, control.ErrNoHello) {
			t.Errorf("%s: %v, want ErrNoHello", tt.heard, err)
		}
	}
	if _, _, err := r.Reset(soon(t)); !errors.Is(err, control.ErrNoHello) {
		t.Errorf("reset: %v", err)
	}
	if heard := r.device.Heard(); len(heard) > 0 {
		t.Errorf("the device heard %q", heard)
	}
}

func TestIDs(t *testing.T) {
	r := ready(t, nil)
	r.SetID(999999998)
	for _, want := range []string{"999999999 seqn", "1 seqn"} {
		if _, err := r.Seqn(soon(t)); err != nil {
			t.Fatal(err)
		}
		if heard := r.device.Heard(); !slices.Contains(heard, want) {
			t.Errorf("heard %q, want %q", heard, want)
		}
	}
}

// What is not the answer to this command is passed over, whatever it is.
func TestOldAnswers(t *testing.T) {
	r := ready(t, nil)
	r.device.Answer("seqn", strings.Join([]string{
		`log: {"id":$ID,"ok":true,"next":1}`,
		"\x1e" + `{"id":1,"ok":true,"next":2}`,
		"\x1e" + `{"id":1$ID,"ok":false,"error":"flash"}`,
		"\x1e" + `{"id":"$ID","ok":true,"next":3}`,
		"\x1e" + `{"ID":$ID,"ok":true,"next":4}`,
		"\x1e" + `{"id":$ID,"id":$ID,"ok":true,"next":5}`,
		"\x1e" + `{"hello":{"proto":99}}`,
		"\x1e" + `{"http":{}}`,
		"\x1e" + `[$ID]`,
		"\x1e" + `{"id":$ID,"ok":true,"next"` + "\x1e" + `{"id":$ID,"ok":true,"next":6}`,
		"",
	}, "\n"))
	if next, err := r.Seqn(soon(t)); err != nil || next != 6 {
		t.Errorf("next %d, %v; want 6", next, err)
	}
	// An answer that came before the command is no answer to it.
	r.device.Say(controltest.Record(map[string]any{"id": 3, "ok": true, "next": 7}))
	if _, err := r.console.After(0).Expect(soon(t), console.Object("it", func(raw json.RawMessage) bool {
		return strings.Contains(string(raw), `"next":7`)
	})); err != nil {
		t.Fatal(err)
	}
	if next, err := r.Seqn(soon(t)); err != nil || next == 7 {
		t.Errorf("next %d, %v", next, err)
	}
}

// Do sends what nobody else would.
func TestDo(t *testing.T) {
	r := open(t, nil)
	long := strings.Repeat("a", controltest.MaxLine)
	if _, err := r.Do(soon(t), "send", long); !errors.Is(err, control.TooLong) {
		t.Errorf("a long line: %v", err)
	}
	if _, err := r.Do(soon(t), "nonsense", "-"); !errors.Is(err, control.BadCommand) {
		t.Errorf("nonsense: %v", err)
	}
	raw, err := r.Do(soon(t), "bench", "2")
	if want := `{"cycles":200000,"id":3,"n":2,"ok":true}`; err != nil || string(raw) != want {
		t.Errorf("bench: %s, %v; want %s", raw, err, want)
	}
}
