package lx106_test

import (
	"errors"
	"testing"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
)

const (
	bankSize   = 16
	bankSwitch = 0x60000000 // a store does what the test wants
)

// banked has two pieces of code at iramBase, of which one is chosen, and one
// behind them.
type banked struct {
	*lx106.CPU
	banks  [2]lx106.Memory
	behind lx106.Memory
	chosen int
	stored func() error // during a store
}

func newBanked(t *testing.T, code ...string) *banked {
	t.Helper()
	b := &banked{behind: lx106.Memory{Base: iramBase + bankSize, Data: make([]byte, bankSize)}}
	for i := range b.banks {
		b.banks[i] = lx106.Memory{Base: iramBase, Data: make([]byte, bankSize)}
		copy(b.banks[i].Data, assembled(t, code...))
	}
	b.CPU = lx106.New(&lx106.Memory{}, b)
	b.PC, b.PS, b.A[2] = iramBase, 0x20, bankSwitch
	return b
}

func (b *banked) Load(addr uint32, _ int) (uint32, error) { return addr, nil }

func (b *banked) Store(uint32, int, uint32) error {
	return b.stored()
}

// swap changes the bank, and tells the core.
func (b *banked) swap() error {
	b.chosen ^= 1
	b.Refetch()
	return nil
}

func (b *banked) Fetch(pc uint32) (*lx106.Memory, error) {
	if b.behind.Contains(pc) {
		return &b.behind, nil
	}
	return &b.banks[b.chosen], nil
}

// TestRefetch goes on in the other bank after the store.
func TestRefetch(t *testing.T) {
	b := newBanked(t, "006222", "01a032")             // s32i a2, a2, 0; movi a3, 1
	copy(b.banks[1].Data[3:], assembled(t, "02a032")) // movi a3, 2
	b.stored = b.swap
	for _, want := range []uint32{2, 1, 2} {
		b.PC = iramBase
		if stop, err := b.Run(2); err != nil {
			t.Fatal(stop, err)
		}
		if b.A[3] != want {
			t.Errorf("a3=%d, want %d", b.A[3], want)
		}
	}
}

// TestHaltAfterRefetch has no instruction to show any more.
func TestHaltAfterRefetch(t *testing.T) {
	b := newBanked(t, "006222")
	b.stored = func() error { return errors.Join(b.swap(), errNoMemory) }
	_, err := b.Run(1)
	var halt *lx106.Halt
	if !errors.As(err, &halt) || halt.PC != iramBase || halt.Word != 0 {
		t.Error(err)
	}
}

// TestBusStopsTheProgram has a device that acts on a store: what it does comes
// before the next instruction.
func TestBusStopsTheProgram(t *testing.T) {
	for _, c := range []struct {
		name string
		act  func(*lx106.CPU)
		n    uint64 // executed in the run
		pc   uint32
	}{
		{"nothing", func(*lx106.CPU) {}, 2, iramBase + 6},
		{"break", (*lx106.CPU).Break, 1, iramBase + 3},
		{"interrupt", func(c *lx106.CPU) { c.Raise(5) }, 2, iramBase + bankSize + 2},
	} {
		b := newBanked(t, "006222", "01a032") // s32i a2, a2, 0; movi a3, 1
		copy(b.behind.Data, assembled(t, "f03d"))
		b.VECBASE = iramBase + bankSize - 0x50
		b.INTENABLE = 1 << 5
		b.stored = func() error { c.act(b.CPU); return nil }
		if stop, err := b.Run(2); stop != lx106.Budget || b.Retired != c.n || b.PC != c.pc {
			t.Errorf("%s: %v after %d instructions at 0x%08x: %v", c.name, stop, b.Retired, b.PC, err)
		}
	}
}

// TestInstructionAcrossMemories halts: on the chip there is none.
func TestInstructionAcrossMemories(t *testing.T) {
	b := newBanked(t)
	b.PC = iramBase + bankSize - 1
	b.banks[0].Data[bankSize-1] = 0x30
	_, err := b.Run(1)
	var halt *lx106.Halt
	if !errors.As(err, &halt) || halt.Reason.Error() != "an instruction lies across two memories" {
		t.Error(err)
	}
}

// TestAccessSizes sees what reaches the bus: the address as it is, and of what
// is stored the part that is.
func TestAccessSizes(t *testing.T) {
	s := newSim()
	r := &recorder{Bus: s}
	s.CPU = lx106.New(&s.dram, r)
	copy(s.iram.Data, assembled(t, "014232", "015232", "016232", "010232", "011232", "019232", "012232"))
	s.PC, s.PS, s.A[2], s.A[3] = iramBase, 0x20, 0x60000000, 0x12345678
	if stop, err := s.Run(7); err != nil {
		t.Fatal(stop, err)
	}
	want := []access{
		{"store", 0x60000001, 1, 0x78}, {"store", 0x60000002, 2, 0x5678}, {"store", 0x60000004, 4, 0x12345678},
		{"load", 0x60000001, 1, 0}, {"load", 0x60000002, 2, 0}, {"load", 0x60000002, 2, 0}, {"load", 0x60000004, 4, 0},
	}
	if len(r.accesses) != len(want) {
		t.Fatalf("%d accesses, want %d", len(r.accesses), len(want))
	}
	for i := range want {
		if r.accesses[i] != want[i] {
			t.Errorf("%+v, want %+v", r.accesses[i], want[i])
		}
	}
}

type access struct {
	op   string
	addr uint32
	size int
	v    uint32
}

// recorder writes down the accesses, and makes them succeed.
type recorder struct {
	lx106.Bus
	accesses []access
}

func (r *recorder) Load(addr uint32, size int) (uint32, error) {
	r.accesses = append(r.accesses, access{"load", addr, size, 0})
	return 0, nil
}

func (r *recorder) Store(addr uint32, size int, v uint32) error {
	r.accesses = append(r.accesses, access{"store", addr, size, v})
	return nil
}

func TestFaultText(t *testing.T) {
	f := &lx106.Fault{Cause: lx106.CauseLoadStoreError, Addr: 0x40100001}
	if got, want := f.Error(), "lx106: access to 0x40100001: exception 3"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
