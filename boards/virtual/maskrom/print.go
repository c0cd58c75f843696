package maskrom

// Where ets_printf sends its characters: to two functions, of which the first
// is ets_uart_putc1 until a program installs another.
const (
	putc1 = 0x3fffdd48
	putc2 = 0x3fffdd4c

	atUARTPutc = 0x40001dcc
	atUARTTx   = 0x40003b30
	atPutc     = 0x40002be8
)

func (r *ROM) etsPutc() error {
	r.putc(byte(r.cpu.A[2]))
	return nil
}

func (r *ROM) installPutc1() error    { return r.m.Write32(putc1, r.cpu.A[2]) }
func (r *ROM) installPutc2() error    { return r.m.Write32(putc2, r.cpu.A[2]) }
func (r *ROM) installUARTPutc() error { return r.m.Write32(putc1, atUARTPutc) }

// etsPrintf is ets_printf. Its arguments are words: a3 to a7, then the stack;
// one of 64 bits begins at an even register.
func (r *ROM) etsPrintf() error {
	var to []uint32
	for _, at := range []uint32{putc1, putc2} {
		fn, err := r.m.Read32(at)
		if err != nil {
			return err
		}
		if fn != 0 {
			to = append(to, fn)
		}
	}
	if len(to) == 0 {
		r.cpu.A[2] = 0
		return nil
	}
	args := arguments{r: r, at: 3, reg: func(i uint32) (uint32, error) { return r.cpu.A[i], nil }, stack: r.cpu.A[1]}
	return r.printf(r.cpu.A[2], &args, to)
}

// uartPrintf is ets_uart_printf: always to the UART.
func (r *ROM) uartPrintf() error {
	args := arguments{r: r, at: 3, reg: func(i uint32) (uint32, error) { return r.cpu.A[i], nil }, stack: r.cpu.A[1]}
	return r.printf(r.cpu.A[2], &args, []uint32{atUARTPutc})
}

// vprintf is ets_vprintf(putc, format, va_list). The list is three words: where
// the arguments on the stack are, less 32; where those of the six registers
// are; and how many bytes of them all are used up.
func (r *ROM) vprintf() error {
	stack, regs, used := r.cpu.A[4], r.cpu.A[5], r.cpu.A[6]
	args := arguments{r: r, at: 2 + used/4, stack: stack + 32,
		reg: func(i uint32) (uint32, error) { return r.m.Read32(regs + 4*(i-2)) }}
	if used >= 32 {
		args.at = used / 4
	}
	return r.printf(r.cpu.A[3], &args, []uint32{r.cpu.A[2]})
}

// arguments are those of a function with a variable number: at is the register
// of the next one, or 8 and more for words on the stack.
type arguments struct {
	r     *ROM
	at    uint32
	reg   func(i uint32) (uint32, error)
	stack uint32
}

func (a *arguments) next() (uint32, error) {
	i := a.at
	a.at++
	if i <= 7 {
		return a.reg(i)
	}
	return a.r.m.Read32(a.stack + 4*(i-8))
}

func (a *arguments) wide() (uint64, error) {
	a.at += a.at & 1
	low, err := a.next()
	if err != nil {
		return 0, err
	}
	high, err := a.next()
	return uint64(high)<<32 | uint64(low), err
}

// printf prints to functions that take a character, and returns how many
// characters there were. What a format cannot be read of is an exception, after
// the part that could.
func (r *ROM) printf(format uint32, args *arguments, to []uint32) error {
	p := printing{to: to}
	f := formatter{put: func(c byte) { p.text = append(p.text, c) }, load: r.m.Read8, next: args.next, wide: args.wide}
	p.fault = f.print(format)
	p.count = f.n
	return p.step(r)
}

// printing is a text on its way.
type printing struct {
	text  []byte
	to    []uint32
	char  int // of text
	sink  int // of to
	count int // what the function returns
	fault error
}

// step goes on until the program's code has to be called, or all is printed.
func (p *printing) step(r *ROM) error {
	for ; p.char < len(p.text); p.char++ {
		for c := p.text[p.char]; p.sink < len(p.to); {
			fn := p.to[p.sink]
			p.sink++
			switch fn {
			case atUARTPutc:
				r.putc(c)
			case atUARTTx, atPutc:
				r.tx(c)
			default:
				return r.call(fn, uint32(c), p.step)
			}
		}
		p.sink = 0
	}
	r.cpu.A[2] = uint32(p.count)
	return p.fault
}
