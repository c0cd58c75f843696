package rig

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rom"
)

// ErrAttest reports a board that does not run the image it was given.
var ErrAttest = errors.New("rig: attestation failed")

// Boot is how the board came up: what its ROM printed, and how the firmware
// introduced itself.
type Boot struct {
	console.Boot
	Hello control.Hello
}

// bootTime bounds a boot, from reset to HELLO. A small image takes a tenth of a
// second, most of it for the ROM's own text at 74880 baud.
const bootTime = 5 * time.Second

// handTime is what a person gets to switch a board off and on.
const handTime = 2 * time.Minute

// Reset resets the board by its pin and waits for it to introduce itself; then
// it tells it of the backend again, which it keeps in RAM only.
func (r *Rig) Reset(ctx context.Context) (Boot, error) {
	if r.Board.Reset.Sequence == boards.Manual {
		ask := func(context.Context) error {
			r.say(Step{Name: "boot", Ask: true, Detail: letGo})
			return nil
		}
		return r.restart(ctx, handTime, func(ctx context.Context) (console.Boot, control.Hello, error) {
			ctx, cancel := r.bootsSoon(ctx)
			defer cancel()
			return r.Device.Boot(ctx, ask, console.External, console.Power)
		})
	}
	pin := func(ctx context.Context) error {
		return rom.Hard(time.Duration(r.Board.Reset.Hold)).Run(ctx, r.Console)
	}
	return r.restart(ctx, bootTime, func(ctx context.Context) (console.Boot, control.Hello, error) {
		return r.Device.Boot(ctx, pin, console.External)
	})
}

// Restart has the firmware reset its chip. Straps and, on many chips, the
// reported cause stay those of the last reset by pin.
func (r *Rig) Restart(ctx context.Context) (Boot, error) {
	return r.restart(ctx, bootTime, func(ctx context.Context) (console.Boot, control.Hello, error) {
		return r.Device.Reset(ctx, console.Software, console.External, console.Power)
	})
}

func (r *Rig) restart(ctx context.Context, limit time.Duration, boot func(context.Context) (console.Boot, control.Hello, error)) (Boot, error) {
	r.say(Step{Name: "boot", Detail: "waiting for the firmware"})
	bounded, cancel := context.WithTimeoutCause(ctx, limit, lateError(limit))
	defer cancel()
	rom, hello, err := boot(bounded)
	if err != nil {
		r.dump(ctx)
		if late := lateError(0); !errors.As(err, &late) { // which shows the last lines itself
			err = fmt.Errorf("%w; its last lines:\n%s", err, r.Console.Tail(12))
		}
		return Boot{}, fault(report.InfraBoot, "booting the board", err)
	}
	r.boot = Boot{rom, hello}
	r.say(Step{Name: "boot", Detail: fmt.Sprintf("%s, boot mode %d, %s %s", rom.Cause, rom.Mode, hello.Firmware, hello.Version)})
	return r.boot, r.connect(ctx)
}

// lateError is the end of a wait.
type lateError time.Duration

func (l lateError) Error() string { return fmt.Sprintf("it did not come within %v", time.Duration(l)) }

// answerTime bounds one command of the control protocol. The slowest, which
// erases a sector of flash, takes a tenth of a second.
const answerTime = 20 * time.Second

// answersSoon bounds the commands that bring a rig up: a device may fall
// silent at any of them.
func answersSoon(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, answerTime, lateError(answerTime))
}

// bootsSoon bounds ctx once more: a person may take their time, but from the
// ROM's boot line on it is the board's.
func (r *Rig) bootsSoon(ctx context.Context) (context.Context, context.CancelFunc) {
	bounded, cancel := context.WithCancelCause(ctx)
	cursor := r.Console.Now()
	go func() {
		if _, err := cursor.Expect(bounded, bootLine); err != nil {
			return
		}
		select {
		case <-bounded.Done():
		case <-time.After(bootTime):
			cancel(lateError(bootTime))
		}
	}()
	return bounded, func() { cancel(context.Canceled) }
}

var bootLine = console.Matcher{What: "the boot line of the mask ROM", Match: func(i console.Item) bool { return i.Kind == console.BootUp }}

// Recover brings the rig back into a known state after something went wrong:
// the board is reset, flashed anew if it does not run the image it was given,
// and has its identity again.
func (r *Rig) Recover(ctx context.Context) error {
	_, err := r.Reset(ctx)
	if err == nil {
		err = r.prove(ctx)
	}
	if err != nil && ctx.Err() == nil && !errors.Is(err, console.ErrLost) {
		err = r.program(ctx)
	}
	if err != nil || r.Server == nil || r.Lacks(boards.Provision) {
		return err
	}
	known, err := r.Server.Device(ctx, r.Identity.ID)
	if err != nil {
		return fault(serverClass(err), "looking the device up", err)
	}
	soon, cancel := answersSoon(ctx)
	defer cancel()
	if _, err := r.Device.Provision(soon, r.Identity.ID, r.Identity.Passphrase, known.Next); err != nil {
		return fault(report.InfraBoot, "provisioning the device", err)
	}
	return r.connect(ctx)
}

// Attestation is the proof that the board runs the image it was given.
type Attestation struct {
	Nonce  []byte
	Digest [md5.Size]byte // of nonce ‖ image, as the board computed it from its flash
	Size   int            // of the image, bytes
}

// prove attests the image, if the firmware can do its part. Where it cannot, what
// is known of the image is that the loader read it back as written.
func (r *Rig) prove(ctx context.Context) error {
	if !r.Lacks(boards.Digest) {
		_, err := r.Attest(ctx)
		return err
	}
	r.say(Step{Name: "boot", Detail: fmt.Sprintf("by %s, boot mode %d, %s; not attested: it has no verb for that",
		r.boot.Cause, r.boot.Mode, strings.TrimSpace(r.boot.Hello.Firmware+" "+r.boot.Hello.Version)), Over: true})
	return nil
}

// Attest has the board read its flash back and digest it under a nonce that it
// has never seen. The error wraps [ErrAttest] where it answers with another
// image than the one it was given.
func (r *Rig) Attest(ctx context.Context) (Attestation, error) {
	_, size, err := image.Parse(r.cfg.Image)
	if err != nil {
		return Attestation{}, fault(report.Harness, "attesting", err)
	}
	if err := r.checkHello(r.cfg.Image[:size]); err != nil && r.Board.Speech == nil {
		return Attestation{}, fault(report.InfraBoot, "attesting", err)
	}
	ctx, cancel := answersSoon(ctx)
	defer cancel()
	a := Attestation{Nonce: make([]byte, 8)}
	rand.Read(a.Nonce) // never fails (crypto/rand)
	a.Digest, a.Size, err = r.Device.Digest(ctx, a.Nonce)
	if err != nil {
		return a, fault(report.InfraBoot, "attesting", err)
	}
	want := md5.Sum(append(bytes.Clone(a.Nonce), r.cfg.Image[:size]...))
	if a.Digest != want || a.Size != size {
		return a, fault(report.InfraBoot, "attesting", fmt.Errorf(
			"%w: the digest of what is in its flash, under nonce %x, is %x over %d bytes; the image that was flashed gives %x over %d: it was not written, or has changed since",
			ErrAttest, a.Nonce, a.Digest, a.Size, want, size))
	}
	r.say(Step{Name: "boot", Detail: fmt.Sprintf("by %s, boot mode %d, %d bytes in flash attested", r.boot.Cause, r.boot.Mode, size), Over: true})
	return a, nil
}

// checkHello compares how the firmware introduced itself at its latest boot
// with the chip and the image that it should be. That is no proof yet: a HELLO
// may be a recording.
func (r *Rig) checkHello(im []byte) error {
	h := r.boot.Hello
	if r.Chip.MAC != nil && !bytes.Equal(h.MAC, r.Chip.MAC) {
		return fmt.Errorf("%w: HELLO comes from another board: its MAC is %s, and the chip that was flashed has %s", ErrAttest, h.MAC, r.Chip.MAC)
	}
	if want := md5.Sum(im); h.Digest != want || h.Size != len(im) {
		return fmt.Errorf(
			"%w: HELLO comes from another image: %s %s, MD5 %x over %d bytes; the image that was flashed has %x over %d: it was not written, or the board boots something else",
			ErrAttest, h.Firmware, h.Version, h.Digest, h.Size, want, len(im))
	}
	return nil
}
