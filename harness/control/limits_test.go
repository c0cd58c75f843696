package control_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/control"
)

// small are limits that differ from each other, and from all others.
var small = map[string]int{"line": 96, "data": 30, "id": 4, "pass": 8}

// Each limit is used to its last byte, and beyond it nothing is sent.
func TestLimits(t *testing.T) {
	n := strings.Repeat
	for _, tt := range []struct {
		name string
		fits bool
		do   func(ctx context.Context, c *control.Client) error
	}{
		{"nonce, 16", true, func(ctx context.Context, c *control.Client) error {
			_, err := c.Hello(ctx, make([]byte, 16))
			return err
		}},
		{"nonce, 17", false, func(ctx context.Context, c *control.Client) error {
			_, err := c.Hello(ctx, make([]byte, 17))
			return err
		}},
		{"digest nonce, 17", false, func(ctx context.Context, c *control.Client) error {
			_, _, err := c.Digest(ctx, make([]byte, 17))
			return err
		}},
		{"id, 4", true, provision("1234", "p", 0)},
		{"id, 5", false, provision("12345", "p", 0)},
		{"id of 2 characters, 5 bytes", false, provision("€é", "p", 0)},
		{"passphrase, 8", true, provision("1", n("p", 8), 0)},
		{"passphrase, 9", false, provision("1", n("p", 9), 0)},
		{"last SEQN", true, provision("1", "q", control.MaxSEQN)},
		{"beyond the last SEQN", false, provision("1", "q", control.MaxSEQN+1)},
		{"seal, passphrase", false, seal(n("p", 9), 1)},
		{"seal, line of 98", false, seal("p", 30)},
		{"seal, line of 96", true, seal("p", 29)},
		{"seal, reading of 31", false, seal("", 31)},
		{"derive, passphrase", false, func(ctx context.Context, c *control.Client) error {
			_, _, err := c.Derive(ctx, n("p", 9), salt)
			return err
		}},
		{"send, 31", false, func(ctx context.Context, c *control.Client) error {
			_, err := c.Send(ctx, make([]byte, 31))
			return err
		}},
		{"server, IPv6", false, func(ctx context.Context, c *control.Client) error {
			return c.Server(ctx, netip.MustParseAddrPort("[::1]:80"))
		}},
		{"server, none", false, func(ctx context.Context, c *control.Client) error { return c.Server(ctx, netip.AddrPort{}) }},
		{"bench, 0", false, func(ctx context.Context, c *control.Client) error { _, err := c.Bench(ctx, 0); return err }},
		{"link, line of 97", false, func(ctx context.Context, c *control.Client) error { return c.Link(ctx, n("l", 81)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := open(t, nil)
			r.device.Alter(func(hello map[string]any) { hello["limits"] = small })
			if _, err := r.Hello(soon(t), nil); err != nil {
				t.Fatal(err)
			}
			before := len(r.device.Heard())
			err := tt.do(soon(t), r.Client)
			sent := len(r.device.Heard()) - before
			switch {
			case tt.fits && (err != nil || sent != 1):
				t.Errorf("%v, %d lines sent", err, sent)
			case !tt.fits && (!errors.Is(err, control.ErrLimit) || sent != 0):
				t.Errorf("%v, %d lines sent; want ErrLimit and none", err, sent)
			}
		})
	}
}

func provision(id, passphrase string, next uint64) func(context.Context, *control.Client) error {
	return func(ctx context.Context, c *control.Client) error {
		_, err := c.Provision(ctx, id, passphrase, next)
		return err
	}
}

// seal makes a line of 38 + 2n bytes under a passphrase of one, its id of nine
// digits.
func seal(passphrase string, n int) func(context.Context, *control.Client) error {
	return func(ctx context.Context, c *control.Client) error {
		_, err := c.Seal(ctx, passphrase, salt, 0, make([]byte, n))
		return err
	}
}

// The line limit counts for what is otherwise small enough.
func TestLineLimit(t *testing.T) {
	r := open(t, nil)
	r.device.Alter(func(hello map[string]any) {
		hello["limits"] = map[string]int{"line": 20, "data": 30, "id": 4, "pass": 8}
	})
	if _, err := r.Hello(soon(t), nil); err != nil {
		t.Fatal(err)
	}
	before := len(r.device.Heard())
	if _, err := r.Send(soon(t), make([]byte, 20)); !errors.Is(err, control.ErrLimit) || !strings.Contains(err.Error(), "the line has 56 bytes, at most 20") {
		t.Errorf("got %v", err)
	}
	if sent := len(r.device.Heard()) - before; sent != 0 {
		t.Errorf("%d lines sent", sent)
	}
}
