package lx106

import "fmt"

// Bus is what the core sees of the chip around it. Addresses are aligned to
// the size of the access: the core raises its own exception where they are
// not.
//
// An error that is a *[Fault] becomes an exception in the core; any other
// error halts it.
type Bus interface {
	// Load reads size bytes (1, 2 or 4), zero-extended.
	Load(addr uint32, size int) (uint32, error)
	// Store writes the low size bytes (1, 2 or 4) of v.
	Store(addr uint32, size int, v uint32) error
	// Fetch returns the memory that holds the instruction at pc. The core
	// executes from it until it leaves it, or until Refetch.
	Fetch(pc uint32) (*Memory, error)
}

// Causes of an exception, as EXCCAUSE holds them (Xtensa ISA, table 4-64).
const (
	CauseIllegal         = 0
	CauseSyscall         = 1
	CauseFetchError      = 2
	CauseLoadStoreError  = 3
	CauseInterrupt       = 4
	CausePrivileged      = 8
	CauseUnaligned       = 9
	CauseFetchProhibited = 20
	CauseLoadProhibited  = 28
	CauseStoreProhibited = 29
)

// A Fault is an access that the chip answers with an exception.
type Fault struct {
	Cause uint32 // value of EXCCAUSE
	Addr  uint32 // value of EXCVADDR
}

func (f *Fault) Error() string {
	return fmt.Sprintf("lx106: access to 0x%08x: exception %d", f.Addr, f.Cause)
}
