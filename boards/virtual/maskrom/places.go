package maskrom

import (
	"fmt"

	"github.com/espalier-hil/espalier/boards/virtual/lx106"
	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// Addresses in the ROM that are reached other than by a call.
const (
	vecDebug  = soc.ROMBase + 0x10
	vecNMI    = soc.ROMBase + 0x20
	vecKernel = soc.ROMBase + 0x30
	vecUser   = soc.ROMBase + 0x50
	vecDouble = soc.ROMBase + 0x70
	vecReset  = soc.ROMBase + 0x80
	userDone  = 0x40001100 // where a program returns to
	parked    = 0x40003d08 // the loader's receive loop; here any place where the ROM stays by itself
)

// places is filled by init, because booting leads back to it.
var places map[uint32]func(*ROM) (Outcome, error)

func init() {
	places = map[uint32]func(*ROM) (Outcome, error){
		vecReset:  (*ROM).reset,
		vecKernel: (*ROM).exception,
		vecUser:   (*ROM).exception,
		vecDouble: (*ROM).strayVector,
		vecNMI:    (*ROM).strayVector,
		vecDebug:  (*ROM).strayVector,
		userDone:  (*ROM).done,
		parked:    (*ROM).resume,
	}
}

// resume goes on with what the ROM was doing when it last stopped to wait.
func (r *ROM) resume() (Outcome, error) {
	switch r.Phase {
	case Autobaud:
		return r.measure()
	case Loader:
		return r.receive()
	case Hung:
		return Waits, nil
	}
	return Waits, fmt.Errorf("%w at 0x%08x, called from 0x%08x", ErrUnknown, r.cpu.PC, r.cpu.A[0])
}

// hang keeps the ROM where it is until the next reset.
func (r *ROM) hang(why string) Outcome {
	r.Phase, r.Dead = Hung, why
	r.cpu.PC = parked
	return Waits
}

// done is where a program arrives that returns.
func (r *ROM) done() (Outcome, error) {
	r.print("user code done\n")
	return r.hang("the program has returned"), nil
}

// exception serves the vectors of a program that has not moved VECBASE.
func (r *ROM) exception() (Outcome, error) {
	cause := r.cpu.EXCCAUSE
	switch cause {
	case lx106.CauseIllegal, lx106.CauseFetchError, lx106.CauseLoadStoreError, lx106.CausePrivileged,
		lx106.CauseUnaligned, lx106.CauseLoadProhibited, lx106.CauseStoreProhibited:
		return r.fatal(cause), nil
	case lx106.CauseInterrupt:
		return Waits, fmt.Errorf("%w: interrupt handlers by way of the ROM's vectors (pending 0x%08x)", ErrUnknown, r.cpu.Lines|r.cpu.INTERRUPT)
	}
	return Waits, fmt.Errorf("%w: handler for exception %d, epc1 0x%08x", ErrUnknown, cause, r.cpu.EPC[1])
}

func (r *ROM) strayVector() (Outcome, error) {
	return Waits, fmt.Errorf("%w: vector 0x%08x (epc1 0x%08x, depc 0x%08x)", ErrUnknown, r.cpu.PC, r.cpu.EPC[1], r.cpu.DEPC)
}
