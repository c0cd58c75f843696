package maskrom

// The functions by which programs use the tables of the vectors.

// setInterruptHandler is _xtos_set_interrupt_handler_arg(irq, function,
// argument), which ets_isr_attach is too. It returns the function there was, 0
// if there was none, or if irq cannot have one.
func (r *ROM) setInterruptHandler() error {
	irq, handler, arg := r.cpu.A[2], r.cpu.A[3], r.cpu.A[4]
	r.cpu.A[2] = 0
	if irq >= maskable {
		return nil
	}
	t := frame{r: r}
	old := t.get(intHandlers - 8*irq)
	if handler == 0 {
		handler, arg = atUnhandledInt, irq
	}
	t.put(intHandlers-8*irq, handler)
	t.put(intHandlers-8*irq+4, arg)
	if old != atUnhandledInt {
		r.cpu.A[2] = old
	}
	return t.err
}

// setInterruptHandlerPlain is _xtos_set_interrupt_handler(irq, function): the
// argument is the number.
func (r *ROM) setInterruptHandlerPlain() error {
	r.cpu.A[4] = r.cpu.A[2]
	return r.setInterruptHandler()
}

// setExceptionHandler is _xtos_set_exception_handler(cause, function). It
// returns the function there was, or 0.
func (r *ROM) setExceptionHandler() error {
	cause, handler := r.cpu.A[2], r.cpu.A[3]
	r.cpu.A[2] = 0
	if cause >= causes {
		return nil
	}
	t := frame{r: r}
	old := t.get(cTable + 4*cause)
	code := uint32(atWrapper)
	if handler == 0 || handler == atNoHandler {
		handler, code = atNoHandler, atUnhandled
	}
	t.put(cTable+4*cause, handler)
	t.put(excTable+4*cause, code)
	if old != atNoHandler {
		r.cpu.A[2] = old
	}
	return t.err
}

// unmask is _xtos_ints_on(mask), or ets_isr_unmask, and mask their opposites.
// They return what was enabled.
func (r *ROM) unmask() error { return r.enable(r.cpu.A[2], 0) }
func (r *ROM) mask() error   { return r.enable(0, r.cpu.A[2]) }

func (r *ROM) enable(on, off uint32) error {
	t := frame{r: r}
	old := t.get(intEnabled)
	enabled := (old | on) &^ off
	t.put(intEnabled, enabled)
	allowed := t.get(intAllowed)
	if t.err == nil {
		r.cpu.INTENABLE = enabled & allowed & allInterrupts
		r.cpu.A[2] = old
	}
	return t.err
}

const allInterrupts = 1<<15 - 1

// lock is ets_intr_lock(): nothing but the NMI comes through until unlock. It
// returns PS.
func (r *ROM) lock() error {
	r.cpu.A[2] = r.cpu.PS
	r.cpu.PS |= 3
	return r.m.Write32(lockedPS, r.cpu.A[2])
}

func (r *ROM) unlock() error {
	r.cpu.PS &^= psIntLevel
	return nil
}

const lockedPS = 0x3fffdcc0
