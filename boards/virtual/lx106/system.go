package lx106

import (
	"errors"
	"fmt"
)

// The reasons to halt that lie in the core.
var (
	errUnmodelled = errors.New("what this instruction does is not known")
	errSimcall    = errors.New("simcall: there is no simulator to serve it")
)

// system executes the rare instructions, with PC at the instruction. It leaves
// PC where execution goes on.
func (c *CPU) system(in *inst) {
	next := c.PC + uint32(in.len)
	switch in.op {
	case opRsr, opWsr, opXsr:
		if err := c.exchange(in); err != nil {
			c.fail(err, c.word())
			return
		}
	case opRsil:
		c.A[in.t] = c.PS
		c.PS = c.PS&^psIntLevel | uint32(in.imm)
	case opWaiti:
		c.PS = c.PS&^psIntLevel | uint32(in.imm)
		c.Waiting = true
	case opRfe:
		c.PS &^= psEXCM
		next = c.EPC[1]
	case opRfde:
		next = c.DEPC
	case opRfi:
		if in.imm != debugLevel && in.imm != nmiLevel {
			c.Exception(CauseIllegal, 0)
			return
		}
		c.PS = c.EPS[in.imm]
		next = c.EPC[in.imm]
	case opSyscall:
		c.Exception(CauseSyscall, 0)
		return
	case opBreak:
		if c.level() < debugLevel {
			c.debug(in)
			return
		}
	case opSimcall:
		if err := c.simcall(); err != nil {
			c.fail(err, c.word())
			return
		}
	case opUnmodelled:
		c.fail(errUnmodelled, c.word())
		return
	default:
		c.Exception(CauseIllegal, 0)
		return
	}
	c.PC = next
}

func (c *CPU) exchange(in *inst) error {
	old := c.A[in.t]
	if in.op != opWsr {
		v, err := c.readSpecial(in.k)
		if err != nil {
			return err
		}
		c.A[in.t] = v
	}
	if in.op == opRsr {
		return nil
	}
	return c.writeSpecial(in.k, old)
}

// Bits of DEBUGCAUSE that say which break it was.
const (
	causeBreak  = 1 << 3
	causeBreakN = 1 << 4
)

// debug enters the debug exception for a break instruction.
func (c *CPU) debug(in *inst) {
	c.DEBUGCAUSE = causeBreak
	if in.len == 2 {
		c.DEBUGCAUSE = causeBreakN
	}
	c.enter(debugLevel, vectorDebug)
}

func (c *CPU) simcall() error {
	if c.Simcall == nil {
		return errSimcall
	}
	if err := c.Simcall(c); err != nil {
		return fmt.Errorf("simcall: %w", err)
	}
	return nil
}
