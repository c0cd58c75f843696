package control

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net"

	"github.com/espalier-hil/espalier/harness/console"
)

// Proto is the version of the protocol that this package speaks.
const Proto = 1

// maxNonce is how many bytes of nonce a device repeats.
const maxNonce = 16

// Hello is what a device says of itself.
type Hello struct {
	Firmware string           // "espalier-ref"
	Version  string           // of the firmware
	MAC      net.HardwareAddr // of the chip
	Boots    int              // since power-on
	Cause    console.Cause    // of the latest reset
	Nonce    []byte           // as it was asked for; empty in the unasked one
	Digest   [16]byte         // MD5 of the image, read back from flash
	Size     int              // of the image, bytes
	Links    []string         // "virtual", "serial"
	Limits   Limits
	Device   string  // the device id; empty if not provisioned
	Next     *uint64 // the next SEQN; nil if there is none yet
	Store    Store
}

// Limits are the longest arguments that a device takes, in bytes.
type Limits struct {
	Line int // a whole command, LF included
	Data int // the JSON text of a reading
	ID   int // a device id
	Pass int // a passphrase
}

// Store is the state of the SEQN log in flash.
type Store string

// The states of a Store.
const (
	StoreOK      Store = "ok"
	StoreEmpty   Store = "empty"
	StoreDamaged Store = "damaged"
)

// Hello asks the device who it is, with a nonce of at most 16 bytes that it
// must repeat. All other commands go by the limits in the latest HELLO.
func (c *Client) Hello(ctx context.Context, nonce []byte) (Hello, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := atMost("hello", "the nonce", len(nonce), maxNonce); err != nil {
		return Hello{}, err
	}
	cursor := c.console.Now()
	id, err := c.send("hello", []arg{bytesArg(nonce)})
	if err != nil {
		return Hello{}, err
	}
	answer, err := c.answer(ctx, cursor, "hello", id)
	if err != nil {
		return Hello{}, err
	}
	return c.introduced(answer, nonce)
}

// Boot has reset reset the board, and waits for the mask ROM's boot line and
// the HELLO that the firmware sends unasked. causes is as in [console.Console]'s
// Reset.
func (c *Client) Boot(ctx context.Context, reset func(context.Context) error, causes ...console.Cause) (console.Boot, Hello, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.boot(ctx, reset, causes)
}

func (c *Client) boot(ctx context.Context, reset func(context.Context) error, causes []console.Cause) (console.Boot, Hello, error) {
	item, err := c.console.Reset(ctx, reset, causes...)
	if err != nil {
		return console.Boot{}, Hello{}, fmt.Errorf("control: boot: %w", err)
	}
	if item.Boot.Mode != console.FlashBoot {
		return console.Boot{}, Hello{}, fmt.Errorf("%w: boot mode %d, want %d: is GPIO0 held low?", ErrBootMode, item.Boot.Mode, console.FlashBoot)
	}
	hello, err := c.console.After(item.N).Expect(ctx, console.Object("the firmware's HELLO", func(raw json.RawMessage) bool {
		o, err := parseObject(raw)
		return err == nil && o.has("hello") && !o.has("id")
	}))
	if err != nil {
		return console.Boot{}, Hello{}, fmt.Errorf("control: boot: %w", err)
	}
	o, err := parseObject(hello.JSON)
	if err != nil {
		return console.Boot{}, Hello{}, fmt.Errorf("%w: boot: %v", ErrAnswer, err)
	}
	h, err := c.introduced(o, nil)
	if err != nil {
		return console.Boot{}, Hello{}, err
	}
	return item.Boot, h, nil
}

// Reset asks the firmware to reset itself, and returns once it is back.
func (c *Client) Reset(ctx context.Context, causes ...console.Cause) (console.Boot, Hello, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.boot(ctx, func(ctx context.Context) error {
		_, err := c.command(ctx, "reset")
		return err
	}, causes)
}

// introduced reads the HELLO in an answer, which must repeat nonce, and keeps
// its limits.
func (c *Client) introduced(answer *object, nonce []byte) (Hello, error) {
	o := answer.object("hello")
	if answer.err != nil {
		return Hello{}, answer.check("hello")
	}
	h, err := parseHello(o)
	if err != nil {
		return Hello{}, err
	}
	if !bytes.Equal(h.Nonce, nonce) {
		return Hello{}, fmt.Errorf("%w: hello: nonce %x instead of %x", ErrAnswer, h.Nonce, nonce)
	}
	c.limits = &h.Limits
	return h, nil
}

// parseHello is strict about what it knows and passes over what it does not.
func parseHello(o *object) (Hello, error) {
	if proto := o.number("proto"); o.err == nil && proto != Proto {
		return Hello{}, fmt.Errorf("%w: the firmware speaks %d, this harness %d", ErrProto, proto, Proto)
	}
	limits := o.object("limits")
	h := Hello{
		Firmware: o.text("fw"),
		Version:  o.text("version"),
		Boots:    o.count("boots", math.MaxInt32),
		Cause:    console.Cause(o.count("cause", 255)),
		Nonce:    o.bytes("nonce", -1),
		Digest:   [16]byte(o.bytes("digest", 16)),
		Size:     o.count("size", 16<<20),
		Links:    o.texts("links"),
		Limits: Limits{
			Line: limits.count("line", 1<<20),
			Data: limits.count("data", 1<<20),
			ID:   limits.count("id", 1<<20),
			Pass: limits.count("pass", 1<<20),
		},
		Device: string(o.bytes("device", -1)),
		Store:  Store(o.text("store")),
	}
	var err error
	if h.MAC, err = net.ParseMAC(o.text("mac")); err != nil || len(h.MAC) != 6 {
		o.fail("mac", "a MAC address")
	}
	if string(o.members["next"]) != "null" {
		next := o.number("next")
		if next > MaxSEQN+1 { // which says that none is left
			o.fail("next", "a SEQN")
		}
		h.Next = &next
	}
	if h.Store != StoreOK && h.Store != StoreEmpty && h.Store != StoreDamaged {
		o.fail("store", "ok, empty or damaged")
	}
	for _, part := range []*object{o, limits} {
		if err := part.check("hello"); err != nil {
			return Hello{}, err
		}
	}
	return h, nil
}
