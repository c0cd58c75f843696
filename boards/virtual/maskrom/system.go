package maskrom

import (
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

func (r *ROM) uartTx() error {
	r.tx(byte(r.cpu.A[2]))
	r.cpu.A[2] = 0
	return nil
}

// uartRx is uart_rx_one_char(*c): 0 and the byte, or 1.
func (r *ROM) uartRx() error {
	b, ok := r.uart().RxByte()
	if !ok {
		r.cpu.A[2] = 1
		return nil
	}
	err := r.m.Write8(r.cpu.A[2], b)
	r.cpu.A[2] = 0
	return err
}

// uartRxBlock is uart_rx_one_char_block(): the byte.
func (r *ROM) uartRxBlock() error {
	b, ok := r.uart().RxByte()
	if !ok {
		return errWaits
	}
	r.cpu.A[2] = uint32(b)
	return nil
}

// uartDivModify is uart_div_modify(uart, divider): it waits for the output to
// leave, and drops the input.
func (r *ROM) uartDivModify() error {
	uart := r.uartNamed(r.cpu.A[2])
	uart.Flush()
	uart.SetDivider(r.cpu.A[3])
	return nil
}

// etsDelay is ets_delay_us. It stops at each timer event, so that interrupts
// come through, and is then called again with what is left.
func (r *ROM) etsDelay() error {
	left := r.cpu.A[2]
	if left == 0 {
		return nil
	}
	unit := delayUnit(r)
	part := left
	if at, ok := r.m.NextEvent(); ok && unit > 0 {
		until := (at-r.m.Now())/unit + 1
		part = uint32(min(int64(left), max(1, int64(until))))
	}
	r.m.Advance(time.Duration(part) * unit)
	if r.cpu.A[2] = left - part; r.cpu.A[2] > 0 {
		return errAgain
	}
	return nil
}

// delayUnit is how long the ROM's microsecond is: it counts the cycles of a
// core at the frequency it believes in, on one that runs at 52 MHz.
func delayUnit(r *ROM) time.Duration {
	mhz, err := r.m.Read32(cpuFreq)
	if err != nil {
		mhz = 80
	}
	return time.Duration(mhz) * time.Microsecond / cpuMHz
}

func (r *ROM) etsUpdateFrequency() error { return r.m.Write32(cpuFreq, r.cpu.A[2]) }

func (r *ROM) etsGetFrequency() (err error) {
	r.cpu.A[2], err = r.m.Read32(cpuFreq)
	return err
}

func (r *ROM) rtcGetResetReason() (err error) {
	r.cpu.A[2], err = r.resetReason()
	return err
}

// softwareReset is software_reset(). The chip resets before it returns.
func (r *ROM) softwareReset() error {
	if err := r.m.Write32(rtcCtl, 1<<31); err != nil {
		return err
	}
	r.cpu.PC = parked
	r.Phase = Hung
	return errAgain
}

// rand's generator is the one of newlib: 64 bits, the upper half without its
// sign.
func (r *ROM) rand() error {
	r.seed = r.seed*0x5851f42d4c957f2d + 1
	r.cpu.A[2] = uint32(r.seed>>32) &^ (1 << 31)
	return nil
}

func (r *ROM) srand() error {
	r.seed = uint64(r.cpu.A[2])
	return nil
}

// trapDivide is what the ROM's division does with a zero divisor.
func (r *ROM) trapDivide() error { return &soc.Fault{Cause: 0} }
