package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/port"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rom"
)

// Sentinels of what cannot be flashed.
var (
	// ErrFlashSize reports a board with less flash than its kind has.
	ErrFlashSize = errors.New("rig: flash chip too small")

	// ErrReserved reports an image that would lie where the device keeps its
	// identity and its SEQN.
	ErrReserved = errors.New("rig: image too large")
)

// check looks at the image, before anything is touched.
func (r *Rig) check(context.Context) error {
	if err := r.checkImage(); err != nil {
		return fault(report.InfraFlash, "reading the image", err)
	}
	return fault(report.InfraFlash, "reading the image's ELF", r.readELF())
}

// plug opens the port and begins to listen, before anything is reset.
func (r *Rig) plug(ctx context.Context) error {
	r.cfg.Virtual = r.network(r.cfg.Virtual)
	if r.cfg.Virtual.Dial == nil {
		r.cfg.Virtual.Dial = r.dial
	}
	r.cfg.Virtual.Witness = r.witness.add
	p, err := port.Open(r.cfg.Port, port.Config{Baud: r.Board.Console.Baud, Virtual: r.cfg.Virtual})
	switch {
	case err != nil && r.cfg.Port == port.VirtualScheme && !errors.Is(err, nor.ErrInUse):
		return fault(report.Harness, "making a virtual board", err)
	case err != nil:
		return fault(report.InfraPort, "opening the port", err)
	}
	switch p := p.(type) {
	case *port.Virtual:
		r.virtual = p.Board
	case interface{ RoundTrip() time.Duration }:
		r.far = p.RoundTrip()
	}
	if r.Console, err = console.New(p, console.Config{}); err != nil {
		return fault(report.InfraPort, "listening on the port", errors.Join(err, p.Close()))
	}
	r.onClose(func(context.Context) error { return r.Console.Close() })
	r.Device = r.listen()
	// Said once through the console, the speed is what it goes back to after
	// the flasher.
	return fault(report.InfraPort, "setting the console's speed", r.Console.SetBaud(r.Board.Console.Baud))
}

// distant is a round trip that makes a run noticeably longer: each answer of the
// board takes one.
const distant = 10 * time.Millisecond

// checkImage objects to what is no image, and to one that would take what the
// device must remember with it. Firmware that is not attested keeps nothing
// there, as far as anybody knows.
func (r *Rig) checkImage() error {
	if _, _, err := image.Parse(r.cfg.Image); err != nil {
		return err
	}
	n := len(r.cfg.Image)
	if r.cfg.NoAttest || n <= firmware.Room {
		return nil
	}
	return fmt.Errorf("%w: %d bytes; from %#x on lie the device's identity and its SEQN", ErrReserved, n, firmware.Room)
}

// bringUps is how often flashing is begun before it counts as failed. A person
// is not asked twice.
const bringUps = 2

// program writes the image, boots it, and has it attested.
func (r *Rig) program(ctx context.Context) error {
	for try := 1; ; try++ {
		began := time.Now()
		err := r.Flash(ctx, r.cfg.Image)
		if err == nil && r.cfg.NoAttest {
			return r.leave(ctx)
		}
		if err == nil {
			_, err = r.Reset(ctx)
		}
		if err == nil {
			err = r.prove(ctx)
		}
		if err == nil || try == bringUps || ctx.Err() != nil || !r.mayRetry(err) {
			return err
		}
		r.attempts = append(r.attempts, report.Attempt{
			Class: Classify(report.InfraBoard, err), Message: err.Error(), Duration: time.Since(began)})
	}
}

// mayRetry reports whether trying again can help: not with firmware that
// crashes, with a port that is gone or has no lines, with a chip of another
// kind, or where a person would have to.
func (r *Rig) mayRetry(err error) bool {
	if !Classify(report.InfraBoard, err).Infra() {
		return false
	}
	for _, hopeless := range []error{console.ErrLost, port.ErrLost, port.ErrServer, port.ErrLines, rom.ErrChip, rom.ErrRange, ErrFlashSize, ErrReserved} {
		if errors.Is(err, hopeless) {
			return false
		}
	}
	return r.Board.Reset.Sequence != boards.Manual
}

// Flash resets the board into its loader and writes im at offset 0. The board
// stays in its loader; [Rig.Reset] starts what was written.
func (r *Rig) Flash(ctx context.Context, im []byte) error {
	loader, giveBack, err := r.loader(ctx)
	if err != nil {
		return err
	}
	defer giveBack()
	if err := r.checkFlash(r.Chip.Flash); err != nil {
		return fault(report.InfraFlash, "looking at the flash chip", err)
	}
	whose := ""
	if r.virtual == nil && bytes.HasPrefix(r.Chip.MAC, boards.VirtualOUI[:]) {
		whose = ", virtual by its MAC"
	}
	if r.far > distant {
		whose += fmt.Sprintf(", %d ms away and back", r.far.Milliseconds())
	}
	r.say(Step{Name: "board", Detail: fmt.Sprintf("%s, MAC %s, flash %s %s%s", r.Chip.Chip, r.Chip.MAC, r.Chip.Flash, binary(r.Chip.Flash.Size()), whose), Over: true})
	err = loader.Flash(ctx, im, 0, func(done, total int) {
		r.say(Step{Name: "flash", Done: done, Total: total, Over: done == total})
	})
	return fault(report.InfraFlash, "writing the image", err)
}

// checkFlash compares a flash chip with what boards of this kind carry.
func (r *Rig) checkFlash(id rom.FlashID) error {
	size, want := id.Size(), r.Board.Flash.Bytes()
	switch {
	case size == 0:
		return fmt.Errorf("%w: it calls itself %s, and %02x is no size that an ESP8266 can use (12 is 256 KiB, 16 is 4 MiB)", ErrFlashSize, id, byte(id>>16))
	case size < want:
		return fmt.Errorf("%w: it calls itself %s, %d bytes, and a %s has %d; name the right board with --board", ErrFlashSize, id, size, r.Board.Name, want)
	}
	return nil
}

// binary writes a number of bytes as a person reads it.
func binary(n int) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d MiB", n>>20)
}

// loader resets the board into its loader, and asks which chip it is. giveBack
// ends the conversation.
func (r *Rig) loader(ctx context.Context) (loader *rom.Conn, giveBack func() error, err error) {
	r.say(Step{Name: "board", Detail: r.Board.Title + " on " + r.cfg.Port})
	loan, err := r.Console.Borrow(ctx)
	if err != nil {
		return nil, nil, fault(report.InfraPort, "borrowing the port", err)
	}
	if secret := []byte(r.Identity.Passphrase); len(secret) > 0 && bytes.Contains(r.cfg.Image, secret) {
		loan.Hide() // it is compiled in, and goes down the line with the rest
	}
	if err := loan.SetBaud(r.Board.Flash.Baud); err != nil {
		return nil, nil, errors.Join(fault(report.InfraPort, fmt.Sprintf("setting %d baud", r.Board.Flash.Baud), err), loan.Close())
	}
	loader = rom.New(loan, r.Board.Flash.Baud)
	err = r.connectLoader(ctx, loader, loan)
	if err == nil {
		r.Chip, err = loader.Identify(ctx)
		err = fault(report.InfraBoard, "identifying the chip", err)
	}
	if err != nil {
		return nil, nil, errors.Join(err, loan.Close())
	}
	return loader, loan.Close, nil
}

// connectLoader resets the board into its loader, or waits until a person has.
func (r *Rig) connectLoader(ctx context.Context, loader *rom.Conn, lines rom.Lines) error {
	if r.Board.Reset.Sequence == boards.Manual {
		r.say(Step{Name: "board", Ask: true, Detail: "hold GPIO0 low and switch the board off and on"})
	}
	for began := time.Now(); ; {
		err := loader.Connect(ctx, r.enter(lines))
		switch {
		case err == nil:
			return nil
		case errors.Is(err, port.ErrLines):
			return fault(report.InfraPort, "resetting into the loader", fmt.Errorf(
				"%w; without modem lines, name a board that is reset by hand, as --board esp-01", err))
		case errors.Is(err, rom.ErrNoReply) && r.Board.Reset.Sequence == boards.Manual && time.Since(began) < handTime:
			continue
		}
		return fault(report.InfraBoard, "resetting into the loader", fmt.Errorf("%w; %s", err, hints[r.Board.Reset.Sequence]))
	}
}

// hints say what to look at when the loader does not answer.
var hints = map[boards.Sequence]string{
	boards.Classic: "is it the right port, is the board powered, does another program hold it in reset?",
	boards.Tight:   "is it the right port, is the board powered, does another program hold it in reset?",
	boards.Manual:  "is GPIO0 low when the board is switched on, are RX and TX crossed?",
}

// enter returns what resets the board into its loader, or nil where a person
// has to.
func (r *Rig) enter(lines rom.Lines) func(context.Context) error {
	hold, settle := time.Duration(r.Board.Reset.Hold), time.Duration(r.Board.Reset.Settle)
	var reset rom.Sequence
	switch r.Board.Reset.Sequence {
	case boards.Classic:
		reset = rom.Classic(hold, settle)
	case boards.Tight:
		reset = rom.Tight(hold, settle)
	default:
		return nil
	}
	times := 0
	return func(ctx context.Context) error {
		if times++; times > 1 { // most boards need one
			r.say(Step{Name: "board", Detail: fmt.Sprintf("%s on %s: no answer from its loader yet, reset %d", r.Board.Title, r.cfg.Port, times)})
		}
		return reset.Run(ctx, lines)
	}
}

// leave starts what was written, and nobody waits for it.
func (r *Rig) leave(ctx context.Context) error {
	if r.Board.Reset.Sequence == boards.Manual {
		r.say(Step{Name: "boot", Ask: true, Over: true, Detail: letGo})
		return nil
	}
	err := rom.Hard(time.Duration(r.Board.Reset.Hold)).Run(ctx, r.Console)
	if err == nil {
		r.say(Step{Name: "boot", Detail: "reset; not attested", Over: true})
	}
	return fault(report.InfraPort, "resetting the board", err)
}

const letGo = "let GPIO0 go and switch the board off and on"
