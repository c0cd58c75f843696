package soc

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

// ErrConnected is returned where a snapshot would have to hold a connection.
var ErrConnected = errors.New("the link has a connection, which cannot be kept: close it first")

// Snapshot is a machine at one moment, flash included. It never changes, and
// may be restored to any number of machines, at once too.
type Snapshot struct {
	cpu     lx106.State
	clocked uint64
	dram    []byte
	iram    []byte
	flash   *nor.Snapshot
	rng     RNG

	uart0, uart1 UART
	spi          SPI
	gpio         GPIO
	rtc          RTC
	host, port   uint32
	tx           []byte

	clock   clock
	dport   dport
	timers  timers
	wdt     wdt
	random  random
	stirred uint64
	looked  uint64
	sleep   sleep
	request lx106.Stop
	lost    bool
}

// Snapshot returns the machine as it is between two runs, but for a cut that is
// to come. A link that has a connection is an [ErrConnected].
func (m *Machine) Snapshot() (*Snapshot, error) {
	if m.Link.conversation() != nil {
		return nil, fmt.Errorf("soc: take a snapshot: %w", ErrConnected)
	}
	return &Snapshot{
		cpu: m.CPU.State, clocked: m.CPU.Clocked,
		dram: bytes.Clone(m.DRAM.Data), iram: bytes.Clone(m.IRAM.Data), flash: m.Flash.Snapshot(), rng: m.cfg.RNG,
		uart0: m.UART0.clone(), uart1: m.UART1.clone(), spi: *m.SPI, gpio: *m.GPIO, rtc: *m.RTC,
		host: m.Link.host, port: m.Link.port, tx: bytes.Clone(m.Link.tx),
		clock: m.clock, dport: m.dport, timers: m.timers, wdt: m.wdt, random: m.random,
		stirred: m.stirred, looked: m.looked, sleep: m.sleep, request: m.request, lost: m.supply.lost,
	}, nil
}

// Restore makes the machine what s was, on whatever machine of the same
// configuration it was taken. Its own connection, and a cut that was to come, are
// dropped. The error is the flash's.
func (m *Machine) Restore(s *Snapshot) error {
	if err := m.Flash.Restore(s.flash); err != nil {
		return fmt.Errorf("soc: %w", err)
	}
	m.Link.reset()
	m.Link.host, m.Link.port, m.Link.tx = s.host, s.port, bytes.Clone(s.tx)
	copy(m.DRAM.Data, s.dram)
	if !bytes.Equal(m.IRAM.Data, s.iram) {
		copy(m.IRAM.Data, s.iram)
		m.IRAM.Invalidate(0, IRAMSize)
	}
	*m.UART0, *m.UART1, *m.SPI, *m.GPIO, *m.RTC = s.uart0.clone(), s.uart1.clone(), s.spi, s.gpio, s.rtc
	m.UART0.machine, m.UART1.machine, m.SPI.machine, m.RTC.machine = m, m, m, m
	m.cfg.RNG = s.rng
	m.clock, m.dport, m.timers, m.wdt, m.random = s.clock, s.dport, s.timers, s.wdt, s.random
	m.clock.cpu = m.CPU
	m.stirred, m.looked, m.sleep, m.request = s.stirred, s.looked, s.sleep, s.request
	m.supply = held
	m.supply.lost = s.lost
	m.mapWindow()
	m.followFlash()
	m.CPU.State, m.CPU.Clocked = s.cpu, s.clocked
	m.CPU.Resume()
	return nil
}

func (u *UART) clone() UART {
	c := *u
	c.queue, c.sent = slices.Clone(u.queue), slices.Clone(u.sent)
	return c
}
