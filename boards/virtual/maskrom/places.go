package maskrom

import (
	"fmt"

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
	mainFlash = 0x400010a8 // where main boots from flash; code in RAM goes there when it is done
	userDone  = 0x40001100 // where a program returns to
	parked    = 0x40003d08 // the loader's receive loop; here any place where the ROM stays by itself
)

// places is filled by init, because booting leads back to it.
var places map[uint32]func(*ROM) (Outcome, error)

func init() {
	places = map[uint32]func(*ROM) (Outcome, error){
		vecReset:  (*ROM).reset,
		vecUser:   place((*ROM).userVector),
		vecNMI:    place((*ROM).nmi),
		vecKernel: stop("exception of the ROM itself"),
		vecDouble: stop("exception in an exception"),
		vecDebug:  stop("break without a debugger"),

		atUnhandled:     stop("exception without a handler"),
		atUnhandledInt:  stop("interrupt without a handler"),
		atInterrupt:     place((*ROM).interrupt),
		atInterruptDone: place((*ROM).interruptDone),
		atCause3:        place((*ROM).cause3),
		atWrapper:       place((*ROM).wrapper),
		atWrapperDone:   place((*ROM).wrapperDone),
		atReturn:        place((*ROM).returnFromException),
		atSyscall:       place((*ROM).systemCall),
		atAlloca:        place((*ROM).alloca),
		atCallbackDone:  (*ROM).callbackDone,
		atFatal:         (*ROM).fatal,
		atFatalTrace:    (*ROM).fatalTrace,
		atTraceLoad:     (*ROM).fatalTrace,

		mainFlash: (*ROM).bootFlash,
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
