package soc

// dport is the block that couples core and peripherals, at 0x3ff00000.
type dport struct {
	misc, intEnable, window, clock, gate, cache, io uint32
}

// Bits of dport.intEnable: which peripherals' edges reach the core.
const (
	enableWDT  = 1 << 0
	enableFRC1 = 1 << 1
	enableFRC2 = 1 << 2
)

// Bits of 0x3ff0000c, as the mask ROM's Cache_Read_Enable sets them.
const (
	windowFlush   = 1 << 0
	windowFlushed = 1 << 1
	windowOn      = 1 << 8
	windowSPIBusy = 1 << 9
	windowPage    = 7 << 16 // of 2 MiB
	windowMap     = 3 << 24 // which MiB of the page
	windowEven    = 0 << 24
	windowOdd     = 2 << 24
	windowLarge   = 1 << 26 // 32 KiB of cache
)

// Bits of 0x3ff00024: which halves of the upper IRAM the cache takes.
const (
	cacheSmall = 1 << 3
	cacheLarge = 1<<3 | 1<<4
)

type dportRegs Machine

func (d *dportRegs) register(off uint32) *uint32 {
	switch off {
	case 0x00:
		return &d.dport.misc
	case 0x04:
		return &d.dport.intEnable
	case 0x0c:
		return &d.dport.window
	case 0x14:
		return &d.dport.clock
	case 0x18:
		return &d.dport.gate
	case 0x24:
		return &d.dport.cache
	case 0x28:
		return &d.dport.io
	}
	return nil
}

func (d *dportRegs) load(off uint32) (uint32, error) {
	switch off {
	case 0x0c:
		v := d.dport.window
		if v&windowFlush != 0 {
			v |= windowFlushed
		}
		return v, nil
	case 0x50, 0x54, 0x58, 0x5c:
		return d.fuse(off), nil
	}
	if r := d.register(off); r != nil {
		return *r, nil
	}
	return 0, ErrUnknown
}

func (d *dportRegs) store(off, v uint32) error {
	r := d.register(off)
	if r == nil {
		return ErrUnknown
	}
	*r = v
	switch m := (*Machine)(d); off {
	case 0x0c:
		*r &^= windowSPIBusy | windowFlushed
		m.mapWindow()
	case 0x14:
		m.clock.setDouble(1 + uint64(v&1))
		m.CPU.Break()
	}
	return nil
}

// fuse returns a word of the one-time-programmable memory: the MAC, in the
// layout for addresses that are not from Espressif's first two ranges.
func (d *dportRegs) fuse(off uint32) uint32 {
	mac := d.cfg.MAC
	switch off {
	case 0x50:
		return uint32(mac[5]) << 24
	case 0x54:
		return uint32(mac[3])<<8 | uint32(mac[4])
	case 0x58:
		return 0x8000
	}
	return uint32(mac[0])<<16 | uint32(mac[1])<<8 | uint32(mac[2])
}

// MapFlash does what the ROM's Cache_Read_Enable does: it shows the MiB odd
// (0 or 1) of the 2 MiB page of the flash at WindowBase. large takes 32 KiB of
// cache instead of 16.
func (m *Machine) MapFlash(odd, page uint8, large bool) {
	d := &m.dport
	d.window = d.window&^(windowPage|windowMap) | windowOn | uint32(page)<<16&windowPage
	if odd != 0 {
		d.window |= windowOdd
	}
	d.cache |= cacheSmall
	if large {
		d.window |= windowLarge
		d.cache |= cacheLarge
	}
	m.mapWindow()
}

// UnmapFlash does what the ROM's Cache_Read_Disable does.
func (m *Machine) UnmapFlash() {
	m.dport.window &^= windowOn
	m.mapWindow()
}

// mapWindow makes the window follow its registers.
func (m *Machine) mapWindow() {
	var data []byte
	d := &m.dport
	which := d.window & windowMap
	if d.window&windowOn != 0 && (which == windowEven || which == windowOdd) {
		start := d.window & windowPage >> 16 << 21
		if which == windowOdd {
			start += WindowSize
		}
		if start < uint32(len(m.Flash.Data)) {
			data = m.Flash.Data[start:min(int(start)+WindowSize, len(m.Flash.Data))]
		}
	}
	if len(data) == len(m.window.Data) && (len(data) == 0 || &data[0] == &m.window.Data[0]) {
		return
	}
	m.window.Data = data
	m.window.Invalidate(0, WindowSize)
	m.CPU.Refetch()
}

// followFlash forgets code that was executed from the flash, where that has
// changed since.
func (m *Machine) followFlash() {
	if n := m.Flash.Counters.Changes; n != m.followed {
		m.followed = n
		m.window.Invalidate(0, WindowSize)
	}
}
