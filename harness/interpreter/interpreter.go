// Package interpreter speaks to firmware that has no control protocol, as its
// board's descriptor says: what is typed for each verb, and which lines mean
// what. It has the methods of [control.Client], and what the firmware has no
// words for is [ErrNoVerb].
//
// A line of the firmware is taken as it comes. What a pattern finds in it and
// makes no sense is [control.ErrAnswer]; everything else that can go wrong is
// what the console reports.
package interpreter

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"sync"
	"time"
	"unicode"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
)

// ErrNoVerb reports something that the firmware cannot be asked to do. Nothing
// was typed.
var ErrNoVerb = errors.New("interpreter: the firmware has no such verb in its board's descriptor")

// patience bounds the wait for what any one command brings about.
const patience = 2 * time.Minute

var errSilent = fmt.Errorf("it did not come within %v", patience)

// Interpreter is the host's end. It is safe for concurrent use; commands wait
// for each other.
type Interpreter struct {
	console *console.Console
	board   *boards.Descriptor

	mu sync.Mutex
}

// New returns an interpreter for a board that has a Speech. Nothing is typed.
func New(c *console.Console, board *boards.Descriptor) *Interpreter {
	return &Interpreter{console: c, board: board}
}

// Boot has reset reset the board, and waits for the mask ROM's boot line and for
// the line with which the firmware says that it is ready. What else a HELLO has
// is empty.
func (i *Interpreter) Boot(ctx context.Context, reset func(context.Context) error, causes ...console.Cause) (console.Boot, control.Hello, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.boot(ctx, reset, causes)
}

// Reset asks the firmware to reset itself, and returns once it is back.
func (i *Interpreter) Reset(ctx context.Context, causes ...console.Cause) (console.Boot, control.Hello, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.board.Lacks(boards.Restart) {
		return console.Boot{}, control.Hello{}, i.lacks(boards.Restart)
	}
	return i.boot(ctx, func(context.Context) error { return i.typed(boards.Restart, nil) }, causes)
}

func (i *Interpreter) boot(ctx context.Context, reset func(context.Context) error, causes []console.Cause) (console.Boot, control.Hello, error) {
	item, err := i.console.Reset(ctx, reset, causes...)
	if err != nil {
		return console.Boot{}, control.Hello{}, fmt.Errorf("interpreter: boot: %w", err)
	}
	if item.Boot.Mode != console.FlashBoot {
		return console.Boot{}, control.Hello{}, fmt.Errorf("%w: boot mode %d, want %d: is GPIO0 held low?", control.ErrBootMode, item.Boot.Mode, console.FlashBoot)
	}
	line, err := i.console.After(item.N).Expect(ctx, console.Regexp(i.board.Speech.Ready.Regexp))
	if err != nil {
		return console.Boot{}, control.Hello{}, fmt.Errorf("interpreter: boot: %w", err)
	}
	h, err := hello(i.board.Speech.Ready, line.Text)
	return item.Boot, h, err
}

// hello is what a line that says ready tells.
func hello(ready boards.Pattern, line string) (control.Hello, error) {
	found, _ := ready.Find(line)
	h := control.Hello{Firmware: found["firmware"], Version: found["version"]}
	if text, said := found["next"]; said {
		n, err := number("next", text, control.MaxSEQN+1)
		if err != nil {
			return h, fmt.Errorf("boot: %w", err)
		}
		h.Next = &n
	}
	return h, nil
}

// Provision is [control.Client.Provision].
func (i *Interpreter) Provision(ctx context.Context, id, passphrase string, next uint64) (uint64, error) {
	return i.number(ctx, boards.Provision, "next", values{
		"id": {text: id}, "passphrase": {text: passphrase, secret: true}, "next": {text: strconv.FormatUint(next, 10)}})
}

// Server tells the firmware where to post, where it is not compiled in.
func (i *Interpreter) Server(ctx context.Context, addr netip.AddrPort) error {
	_, err := i.ask(ctx, boards.Server, values{"host": {text: addr.Addr().String()}, "port": {text: strconv.Itoa(int(addr.Port()))}})
	return err
}

// Link does nothing: firmware without the control protocol has one way to the
// backend.
func (i *Interpreter) Link(context.Context, string) error { return nil }

// Seqn is [control.Client.Seqn].
func (i *Interpreter) Seqn(ctx context.Context) (uint64, error) {
	return i.number(ctx, boards.Next, "next", nil)
}

// Skip is [control.Client.Skip].
func (i *Interpreter) Skip(ctx context.Context, n uint64) (uint64, error) {
	return i.number(ctx, boards.Skip, "next", values{"n": {text: strconv.FormatUint(n, 10)}})
}

// Seal is [control.Client.Seal].
func (i *Interpreter) Seal(ctx context.Context, passphrase string, salt [8]byte, seqn uint64, data []byte) (string, error) {
	found, err := i.ask(ctx, boards.Seal, values{
		"passphrase": {text: passphrase, secret: true}, "salt": {text: string(salt[:])}, "seqn": {text: strconv.FormatUint(seqn, 10)}, "data": {text: string(data)}})
	return found["msg"], err
}

// Derive is [control.Client.Derive].
func (i *Interpreter) Derive(ctx context.Context, passphrase string, salt [8]byte) (key [32]byte, iv [16]byte, err error) {
	found, err := i.ask(ctx, boards.Derive, values{"passphrase": {text: passphrase, secret: true}, "salt": {text: string(salt[:])}})
	if err != nil {
		return key, iv, err
	}
	return key, iv, errors.Join(unhex("key", found["key"], key[:]), unhex("iv", found["iv"], iv[:]))
}

// Digest is [control.Client.Digest].
func (i *Interpreter) Digest(ctx context.Context, nonce []byte) (md5 [16]byte, size int, err error) {
	found, err := i.ask(ctx, boards.Digest, values{"nonce": {text: string(nonce)}})
	if err != nil {
		return md5, 0, err
	}
	n, err := number("size", found["size"], 16<<20)
	return md5, int(n), errors.Join(err, unhex("md5", found["md5"], md5[:]))
}

// Resync is what no descriptor maps.
func (i *Interpreter) Resync(context.Context) (control.Told, error) {
	return control.Told{}, i.lacks(boards.Resync)
}

func (i *Interpreter) number(ctx context.Context, verb boards.Verb, name string, args values) (uint64, error) {
	found, err := i.ask(ctx, verb, args)
	if err != nil {
		return 0, err
	}
	return number(name, found[name], control.MaxSEQN+1)
}

// value is one argument of a command.
type value struct {
	text   string
	secret bool
}

type values map[string]value

// ask types a command and returns what its answer tells, if it has one.
func (i *Interpreter) ask(ctx context.Context, verb boards.Verb, args values) (map[string]string, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.board.Lacks(verb) {
		return nil, i.lacks(verb)
	}
	cursor, answer := i.console.Now(), i.board.Speech.Verbs[verb].Answer
	if err := i.typed(verb, args); err != nil || answer.Regexp == nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errSilent)
	defer cancel()
	item, err := cursor.Expect(ctx, console.Regexp(answer.Regexp))
	if err != nil {
		return nil, fmt.Errorf("interpreter: %s: %w", verb, err)
	}
	found, _ := answer.Find(item.Text)
	return found, nil
}

func (i *Interpreter) lacks(verb boards.Verb) error {
	return fmt.Errorf("%w: %s of board %s", ErrNoVerb, verb, i.board.Name)
}

// typed types a command. An argument that would end its line, or that no
// keyboard has, is not typed as it is.
func (i *Interpreter) typed(verb boards.Verb, args values) error {
	command, secret, bad := i.board.Speech.Verbs[verb], false, ""
	fill := func(shown bool) []byte {
		return []byte(command.Fill(func(name string, asHex bool) string {
			arg := args[name]
			secret = secret || arg.secret
			switch {
			case arg.secret && shown:
				return "(redacted)"
			case asHex:
				return hex.EncodeToString([]byte(arg.text))
			}
			for _, r := range arg.text {
				if unicode.IsControl(r) || r == unicode.ReplacementChar {
					bad = name
				}
			}
			return arg.text
		}))
	}
	line, shown := fill(false), fill(true)
	if bad != "" {
		return fmt.Errorf("%w: %s: {%s} is no plain text; map it as {%s:hex}, if the firmware takes that", control.ErrLimit, verb, bad, bad)
	}
	var err error
	if secret {
		err = i.console.WriteAs(line, shown)
	} else {
		_, err = i.console.Write(line)
	}
	if err != nil {
		return fmt.Errorf("interpreter: %s: %w", verb, err)
	}
	return nil
}

// number reads what a group found.
func number(name, text string, most uint64) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n > most {
		return 0, fmt.Errorf("%w: %s is %q, want a number up to %d", control.ErrAnswer, name, text, most)
	}
	return n, nil
}

// unhex reads bytes, all of to.
func unhex(name, text string, to []byte) error {
	p, err := hex.DecodeString(text)
	if err != nil || len(p) != len(to) {
		return fmt.Errorf("%w: %s is %q, want %d bytes in hexadecimal", control.ErrAnswer, name, text, len(to))
	}
	copy(to, p)
	return nil
}
