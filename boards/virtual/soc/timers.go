package soc

// Interrupt numbers of the core that peripherals use.
const (
	uartIRQ    = 5
	compareIRQ = 6 // the core's own comparator
	frc1IRQ    = 9
	frc2IRQ    = 10
)

// timers are FRC1, which counts down 23 bits, and FRC2, which counts up 32.
type timers struct {
	frc1, frc2 frc
	alarm      uint32 // of FRC2
}

// frc is what both timers share. Its count is known at one time, and follows
// from there.
type frc struct {
	load, ctrl uint32
	count      uint32
	since      ticks // when count was right
	pending    bool
}

// Bits of the control register.
const (
	frcHold    = 1 << 0 // the interrupt stays pending until cleared
	frcReload  = 1 << 6
	frcEnable  = 1 << 7
	frcPending = 1 << 8

	frc1Max = 0x7fffff
)

// prescale returns how many ticks a count lasts; 3 is taken for 256, too.
func (f *frc) prescale() ticks {
	return [4]ticks{1, 16, 256, 256}[f.ctrl>>2&3]
}

// elapsed returns the counts since f.since.
func (f *frc) elapsed(now ticks) ticks {
	if f.ctrl&frcEnable == 0 {
		return 0
	}
	return (now - f.since) / f.prescale()
}

// settle moves the known point to now, which loses no fraction of a count
// while the timer runs at one prescaler.
func (f *frc) settle(now ticks, count uint32) {
	f.count = count
	if f.ctrl&frcEnable != 0 {
		now -= (now - f.since) % f.prescale()
	}
	f.since = now
}

func (t *timers) reset(now ticks) { t.frc1.since, t.frc2.since = now, now }

// down returns FRC1's count, which tick keeps from passing zero.
func (t *timers) down(now ticks) uint32 {
	return t.frc1.count - uint32(min(t.frc1.elapsed(now), ticks(t.frc1.count)))
}

// up returns FRC2's count.
func (t *timers) up(now ticks) uint32 {
	return t.frc2.count + uint32(t.frc2.elapsed(now))
}

// expiry returns when FRC1 passes zero.
func (t *timers) expiry() ticks {
	if t.frc1.ctrl&frcEnable == 0 {
		return never
	}
	return t.frc1.since + ticks(max(t.frc1.count, 1))*t.frc1.prescale()
}

// meets returns when FRC2 meets its alarm, after the point of its known count.
func (t *timers) meets() ticks {
	if t.frc2.ctrl&frcEnable == 0 {
		return never
	}
	d := ticks(t.alarm - t.frc2.count)
	if d == 0 {
		d = 1 << 32
	}
	return t.frc2.since + d*t.frc2.prescale()
}

func (t *timers) next() ticks { return min(t.expiry(), t.meets()) }

func (t *timers) tick(m *Machine, now ticks) {
	for at := t.expiry(); at <= now; at = t.expiry() {
		t.frc1.count, t.frc1.since = frc1Max, at
		if t.frc1.ctrl&frcReload != 0 {
			t.frc1.count = t.frc1.load
		}
		t.frc1.fire(m, enableFRC1, frc1IRQ)
	}
	for at := t.meets(); at <= now; at = t.meets() {
		t.frc2.count, t.frc2.since = t.alarm, at
		t.frc2.fire(m, enableFRC2, frc2IRQ)
	}
}

func (f *frc) fire(m *Machine, enable uint32, irq int) {
	if m.dport.intEnable&enable != 0 && !f.pending {
		m.CPU.Raise(irq)
	}
	f.pending = f.ctrl&frcHold != 0
}

func (f *frc) control() uint32 {
	if f.pending {
		return f.ctrl | frcPending
	}
	return f.ctrl
}

// timerRegs are the registers at 0x60000600.
type timerRegs Machine

func (r *timerRegs) load(off uint32) (uint32, error) {
	t, now := &r.timers, r.clock.now()
	switch off {
	case 0x00, 0x0c:
		return t.frc1.load, nil
	case 0x04:
		return t.down(now), nil
	case 0x08:
		return t.frc1.control(), nil
	case 0x20, 0x2c:
		return t.frc2.load, nil
	case 0x24:
		return t.up(now), nil
	case 0x28:
		return t.frc2.control(), nil
	case 0x30:
		return t.alarm, nil
	}
	return 0, ErrUnknown
}

func (r *timerRegs) store(off, v uint32) error {
	t, now := &r.timers, r.clock.now()
	switch off {
	case 0x00:
		t.frc1.load = v & frc1Max
		t.frc1.count, t.frc1.since = t.frc1.load, now
	case 0x08:
		t.frc1.setControl(v, now, t.down(now))
	case 0x0c:
		t.frc1.pending = false
	case 0x20:
		t.frc2.load = v
		t.frc2.count, t.frc2.since = v, now
	case 0x28:
		t.frc2.setControl(v, now, t.up(now))
	case 0x2c:
		t.frc2.pending = false
	case 0x30:
		t.frc2.settle(now, t.up(now))
		t.alarm = v
	default:
		return ErrUnknown
	}
	r.CPU.Break()
	return nil
}

func (f *frc) setControl(v uint32, now ticks, count uint32) {
	f.settle(now, count)
	f.ctrl = v &^ frcPending
}
