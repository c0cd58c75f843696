package maskrom

import "errors"

// An invocation is a call of a function of the ROM.
type invocation struct {
	entry uint32     // the function's address
	args  [16]uint32 // the registers that it was called with
}

// A callback is a call of the program's code by a function of the ROM, and
// what the function does once that returns.
type callback struct {
	invocation
	then func(*ROM) error
}

// maxCallbacks bounds those that a program leaves without returning.
const maxCallbacks = 256

// call calls the program's code at fn, with one argument, and goes on with
// then when it returns. It is the last thing that a step of a function does:
// its error says that the function is not over.
func (r *ROM) call(fn, arg uint32, then func(*ROM) error) error {
	if len(r.callbacks) == maxCallbacks {
		r.callbacks = append(r.callbacks[:0], r.callbacks[1:]...)
	}
	r.callbacks = append(r.callbacks, callback{r.running, then})
	c := r.cpu
	c.A[2], c.A[0], c.PC = arg, atCallbackDone, fn
	return errAgain
}

// callbackDone is where the program's code returns to. Callbacks made later
// were left by other ways, and are forgotten.
func (r *ROM) callbackDone() (Outcome, error) {
	for n := len(r.callbacks); n > 0; n-- {
		b := r.callbacks[n-1]
		if b.args[1] != r.cpu.A[1] { // the stack pointer
			continue
		}
		r.callbacks = r.callbacks[:n-1]
		r.running = b.invocation
		r.cpu.A[0] = b.args[0]
		return r.finish(b.then(r))
	}
	return Waits, errStrayReturn
}

var errStrayReturn = errors.New("maskrom: the program returns to a function of the ROM that did not call it")
