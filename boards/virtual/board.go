// Package virtual is an ESP8266 board that executes machine code: the chip of
// package soc, the ROM of package maskrom, a flash chip, and around them the
// supply and the two transistors that let DTR and RTS pull EN and GPIO0, as on
// a NodeMCU.
//
// It is spoken to in one of three ways. [Board.OpenPTY] runs it by itself behind
// a pseudo terminal, in step with the wall clock while it idles; [Board.Live]
// does the same behind a port in memory, for whoever serves it to a network.
// [Board.Port] runs it inside the Read of the port that it returns: no
// goroutine, no wall clock, and the same calls execute the same number of
// instructions.
package virtual

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual/maskrom"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// DefaultMAC is the address of a board whose configuration names none.
var DefaultMAC = [6]byte{boards.VirtualOUI[0], boards.VirtualOUI[1], boards.VirtualOUI[2], 0, 0, 1}

// ErrClosed is what a closed board or port answers with.
var ErrClosed = errors.New("virtual: board is closed")

// ErrBusy is returned where a board already has a host.
var ErrBusy = errors.New("virtual: board is already connected")

// Config is what a board is made of; the zero value is a good one.
type Config struct {
	FlashFile string // keeps the flash; made if it is not there; empty: in memory
	FlashSize int    // bytes, a power of two from 512 KiB to 16 MiB; 0: 4 MiB
	MAC       [6]byte
	ROM       []byte  // a mask ROM to execute, of ROMSize bytes; nil: the one of package maskrom
	Seed      uint64  // of the random numbers and of the RAM's content at power-on
	RNG       soc.RNG // soc.Repeat, soc.Stuck, soc.Free
	SDIODigit uint8   // second digit of the boot mode; 0: 6
	SoftCause bool    // a software reset shows as cause 3; else the cause before it stays
	NoWake    bool    // GPIO16 is not wired to EN: only the host ends a deep sleep
	Pace      Pace    // NoPace, RealPace

	// Dial opens the connections of the link device; nil dials TCP.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Log gets a line for every reset and for what a board cannot say by its
	// UART; nil is silence.
	Log io.Writer

	// Witness, if not nil, is told what no port shows, in the order of time. It must
	// return soon, and not call the board.
	Witness func(Happening)
}

// Board is one board. Its methods may be called from any goroutine.
type Board struct {
	cfg   Config
	inbox inbox

	halted chan struct{}

	wiring sync.Mutex     // guards that chip is set only once
	work   sync.WaitGroup // of a board that runs by itself

	mu    sync.Mutex // guards what follows, and the chip
	flash *nor.Chip
	chip  *soc.Machine
	rom   *maskrom.ROM // nil where the core executes Config.ROM
	board state
	pacer *pacer        // nil, or what keeps a board with RealPace behind the wall clock
	live  cable         // nil, or what a board that runs by itself is connected with
	haste time.Duration // until then a board that runs by itself does not wait for the wall clock
	out   []byte        // what the host has not read
	err   error         // why the board runs no more
}

// state is what the board remembers beside the chip.
type state struct {
	supply   supply
	cold     bool          // no reset since the supply came
	up       time.Duration // when EN has risen, in supplyRising
	dtr, rts bool          // asserted
	between  time.Duration // how long both asserted may be on the way to something else
	held     bool          // a finger keeps GPIO0 low
	baud     int           // the host's speed
	rested   bool          // the chip has idled or used up a slice since the last host bytes
	dead     string        // the ROM's last word, as logged
	sleeps   bool          // deeply, as logged
	worked   uint64        // instructions since then, in slices that were used up
	resets   uint64
	cuts     uint64
	quiet    time.Duration // virtual time of the last sign of life, at a port in memory
	habits   habits
}

// New returns a board without supply. Connecting to it powers it.
func New(cfg Config) (*Board, error) {
	if cfg.FlashSize == 0 {
		cfg.FlashSize = 4 << 20
	}
	if cfg.MAC == [6]byte{} {
		cfg.MAC = DefaultMAC
	}
	if cfg.Log == nil {
		cfg.Log = io.Discard
	}
	if err := CheckROM(cfg.ROM); cfg.ROM != nil && err != nil {
		return nil, err
	}
	b := &Board{cfg: cfg, halted: make(chan struct{})}
	b.inbox.wake = make(chan struct{}, 1)
	b.board.baud = Baud
	var err error
	if cfg.FlashFile == "" {
		b.flash, err = nor.New(cfg.FlashSize)
	} else {
		b.flash, err = nor.Open(cfg.FlashFile, cfg.FlashSize)
	}
	if err != nil {
		return nil, fmt.Errorf("virtual: make the flash chip: %w", err)
	}
	b.watch()
	return b, nil
}

// Config returns what the board is made of.
func (b *Board) Config() Config {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.cfg
}

// assemble solders the chip in, once it is known how the board will run.
func (b *Board) assemble(deterministic bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wiring.Lock()
	defer b.wiring.Unlock()
	switch {
	case b.inbox.isShut():
		return ErrClosed
	case b.chip != nil:
		return ErrBusy
	}
	chip, err := soc.New(soc.Config{
		Flash: b.flash, MAC: b.cfg.MAC, Seed: b.cfg.Seed, RNG: b.cfg.RNG, SDIO: b.cfg.SDIODigit,
		SoftCause: b.cfg.SoftCause, NoWake: b.cfg.NoWake, Paced: b.cfg.Pace == RealPace,
		ROMWord: maskrom.Word, MaskROM: b.cfg.ROM, Dial: b.cfg.Dial, Blocking: deterministic,
	})
	if err != nil {
		return fmt.Errorf("virtual: make the chip: %w", err)
	}
	b.chip = chip
	if b.cfg.ROM == nil {
		b.rom = maskrom.New(chip)
	}
	chip.Reset(soc.Power, b.board.straps())
	return nil
}

// Close takes the board out of use: ports fail, sockets and files close.
func (b *Board) Close() error {
	if !b.inbox.shut() {
		return nil
	}
	b.wiring.Lock()
	chip := b.chip
	b.wiring.Unlock()
	var err error
	if chip != nil { // not under mu: a chip that waits for the network holds that
		err = chip.Close()
	}
	b.work.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return errors.Join(err, b.flash.Close())
}

// Err returns why the board runs no more: a *[lx106.Halt] where the program
// did something whose effect is not known, else nil.
func (b *Board) Err() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// Halted is closed when Err begins to return an error.
func (b *Board) Halted() <-chan struct{} { return b.halted }

// halt ends the run, for ever. Callers hold mu.
func (b *Board) halt(err error) {
	b.err = fmt.Errorf("virtual: the board has halted: %w", err)
	b.logf("%v", err)
	b.saw("the core has halted: " + err.Error())
	close(b.halted)
}

// logf adds a line to the log. Callers hold mu.
func (b *Board) logf(format string, args ...any) {
	fmt.Fprintf(b.cfg.Log, "virtual: %12.6f s: %s\n", b.chip.Now().Seconds(), fmt.Sprintf(format, args...))
}
