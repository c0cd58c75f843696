package rig

import (
	"context"
	"net/netip"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/interpreter"
)

// Device is the host's end of the firmware, whatever that speaks: a
// [*control.Client], which says what each method does, or an
// [*interpreter.Interpreter], whose firmware may lack some.
type Device interface {
	Boot(ctx context.Context, reset func(context.Context) error, causes ...console.Cause) (console.Boot, control.Hello, error)
	Reset(ctx context.Context, causes ...console.Cause) (console.Boot, control.Hello, error)
	Provision(ctx context.Context, id, passphrase string, next uint64) (uint64, error)
	Server(ctx context.Context, addr netip.AddrPort) error
	Link(ctx context.Context, link string) error
	Send(ctx context.Context, data []byte) (control.Sending, error)
	Seqn(ctx context.Context) (uint64, error)
	Skip(ctx context.Context, n uint64) (uint64, error)
	Seal(ctx context.Context, passphrase string, salt [8]byte, seqn uint64, data []byte) (string, error)
	Derive(ctx context.Context, passphrase string, salt [8]byte) (key [32]byte, iv [16]byte, err error)
	Resync(ctx context.Context) (control.Told, error)
	Digest(ctx context.Context, nonce []byte) (md5 [16]byte, size int, err error)
}

// listen returns the device at the other end of the console.
func (r *Rig) listen() Device {
	if r.Board.Speech != nil {
		return interpreter.New(r.Console, r.Board)
	}
	return control.New(r.Console, r.carry)
}

// Lacks reports whether the firmware has no such verb.
func (r *Rig) Lacks(verb boards.Verb) bool { return r.Board.Lacks(verb) }
