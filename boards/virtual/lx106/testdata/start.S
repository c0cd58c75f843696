// Start of the programs that run in the core's tests and in QEMU's "sim"
// machine alike. QEMU resets the lx106 to 0x50000000; the tests begin at
// _start.

	.section .reset, "ax"
	j	1f
	.align	4
0:	.word	_start
1:	l32r	a2, 0b
	jx	a2

	.section .text.start, "ax"
	.global	_start
	.align	4
	.literal_position
_start:
	movi	a1, 0x3fff8000
	movi	a2, 0x20	// user mode, interrupts open
	wsr.ps	a2
	rsync
	call0	main
	mov	a3, a2		// exit with what main returns
	movi	a2, 1
	simcall
1:	j	1b
