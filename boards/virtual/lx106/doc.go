// Package lx106 executes the machine code of the Xtensa LX106, the processor
// core of the ESP8266: CALL0 ABI, 16-bit density instructions, MUL16 and
// MULL, NSA, XEA2 exceptions, fifteen interrupts and one cycle comparator; no
// register windows, loops, divide or floating point.
//
// The core keeps the chip's rules where they bite: an instruction that it
// lacks raises the illegal-instruction exception, an unaligned or forbidden
// access raises its own. What silicon does is one thing, what is unknown to
// this project another: that is a [Halt], never a guess.
//
// One instruction takes one cycle.
package lx106
