package maskrom

import (
	"fmt"
	"math/bits"
)

// place makes a step of the vectors a place. A fault in it is one of the core,
// as if an instruction of the ROM had done the access.
func place(step func(*ROM) error) func(*ROM) (Outcome, error) {
	return func(r *ROM) (Outcome, error) {
		r.spend(callCycles)
		return Ran, r.fault(step(r))
	}
}

// userVector is the vector of programs: it jumps to the code for the cause.
func (r *ROM) userVector() error {
	c := r.cpu
	c.A[1] -= frameSize
	f := r.frameHere()
	for i := 2; i <= 4; i++ {
		f.put(frameReg(i), c.A[i])
	}
	c.A[2] = c.EXCCAUSE
	f.at = excTable + 4*(c.EXCCAUSE&kindsMask)
	c.A[3] = f.get(0)
	if f.err == nil {
		c.PC = c.A[3]
	}
	return f.err
}

// save completes the frame that the vector began, and leaves the state of an
// exception.
func (r *ROM) save() frame {
	c, f := r.cpu, r.frameHere()
	f.put(framePC, c.EPC[1])
	f.put(framePS, c.PS)
	f.put(frameSAR, c.SAR)
	f.put(frameA0, c.A[0])
	for i := 5; i < len(c.A); i++ {
		f.put(frameReg(i), c.A[i])
	}
	c.PS = psUM | 1
	return f
}

// returnFromException ends what the vector began.
func (r *ROM) returnFromException() error {
	c, f := r.cpu, r.frameHere()
	var a [16]uint32
	for i := range a {
		if i != 1 {
			a[i] = f.get(frameReg(i))
		}
	}
	pc, ps := f.get(framePC), f.get(framePS)
	if f.err != nil {
		return f.err
	}
	a[1] = c.A[1] + frameSize
	c.A = a
	c.EPC[1], c.PS = pc, ps&^psEXCM
	c.PC = pc
	return nil
}

// interrupt serves the interrupts that are pending, one after the other.
func (r *ROM) interrupt() error {
	c := r.cpu
	f := r.save()
	f.put(frameAllowed, (&frame{r: r}).get(intAllowed))
	if f.err != nil {
		return f.err
	}
	pending := (c.INTERRUPT | c.Lines) & c.INTENABLE
	if pending == 0 {
		c.PC = atReturn
		return nil
	}
	return r.serve(pending)
}

// serve calls the handler of the highest of the pending interrupts, with its
// argument and the frame. Higher ones may interrupt it.
func (r *ROM) serve(pending uint32) error {
	c, table := r.cpu, frame{r: r}
	irq := uint32(bits.Len32(pending) - 1)
	allowed := table.get(intPriority - 8*irq)
	enabled := table.get(intEnabled)
	table.put(intAllowed, allowed)
	handler, arg := table.get(intHandlers-8*irq), table.get(intHandlers-8*irq+4)
	if table.err != nil {
		return table.err
	}
	c.INTERRUPT &^= 1 << irq & edgeOrByHand
	c.INTENABLE = enabled & allowed
	c.PS &^= psIntLevel
	c.A[2], c.A[3] = arg, c.A[1]
	c.A[0], c.PC = atInterruptDone, handler
	return nil
}

// interruptDone is where a handler returns to.
func (r *ROM) interruptDone() error {
	c, table, f := r.cpu, frame{r: r}, r.frameHere()
	allowed, sar := f.get(frameAllowed), f.get(frameSAR)
	enabled := table.get(intEnabled) & allowed
	if f.err != nil || table.err != nil {
		return firstOf(f.err, table.err)
	}
	if pending := (c.INTERRUPT | c.Lines) & enabled; pending != 0 {
		return r.serve(pending)
	}
	table.put(intAllowed, allowed)
	c.INTENABLE = enabled
	c.SAR = sar
	c.PS = c.PS&^psIntLevel | 1
	c.PC = atReturn
	return table.err
}

// wrapper calls the C function for a cause, with the frame and the cause.
func (r *ROM) wrapper() error {
	c := r.cpu
	cause := c.A[2]
	f := r.save()
	f.put(frameCause, cause)
	table := frame{r: r, at: cTable + 4*cause}
	handler := table.get(0)
	if f.err != nil || table.err != nil {
		return firstOf(f.err, table.err)
	}
	c.PS &^= psIntLevel
	c.A[2], c.A[3] = c.A[1], cause
	if c.A[0], c.PC = atWrapperDone, handler; handler == 0 {
		c.PC = atWrapperDone
	}
	return nil
}

func (r *ROM) wrapperDone() error {
	f := r.frameHere()
	r.cpu.SAR = f.get(frameSAR)
	r.cpu.PS = r.cpu.PS&^psIntLevel | 1
	r.cpu.PC = atReturn
	return f.err
}

func (r *ROM) cause3() error {
	r.cpu.A[2] = 3
	return r.wrapper()
}

// systemCall serves the syscall instruction: there is none, which a2 = -1
// says.
func (r *ROM) systemCall() error {
	c, f := r.cpu, r.frameHere()
	c.A[3] = f.get(frameReg(3))
	c.A[2] = 1<<32 - 1
	c.A[1] += frameSize
	c.EPC[1] += 3
	c.PS &^= psEXCM
	c.PC = c.EPC[1]
	return f.err
}

// alloca is for registers in windows, which this core has not: it returns
// without undoing what the vector did.
func (r *ROM) alloca() error {
	r.cpu.PS &^= psEXCM
	r.cpu.PC = r.cpu.EPC[1]
	return nil
}

// nmi is the vector of interrupt 14, which does nothing.
func (r *ROM) nmi() error {
	r.cpu.PS, r.cpu.PC = r.cpu.EPS[3], r.cpu.EPC[3]
	return nil
}

// stop is what the ROM does with what it has no handler for: it stops as for a
// debugger, for good where there is none.
func stop(what string) func(*ROM) (Outcome, error) {
	return func(r *ROM) (Outcome, error) {
		c := r.cpu
		return r.hang(fmt.Sprintf("%s: cause %d, epc1 0x%08x, excvaddr 0x%08x, depc 0x%08x",
			what, c.EXCCAUSE, c.EPC[1], c.EXCVADDR, c.DEPC)), nil
	}
}
