// Entry, exception vectors, and the way from them into C.
//
// The ROM leaves interrupts off, VECBASE on its own vectors and .bss as it was.

	.section .vectors, "ax"
	.global	vectors
vectors:
	.org	0x10		// debug exception
	wsr	a0, excsave1
	j	crash
	.org	0x20		// NMI
	wsr	a0, excsave1
	j	crash
	.org	0x30		// level 1, PS.UM clear
	wsr	a0, excsave1
	j	level1
	.org	0x50		// level 1, PS.UM set
	wsr	a0, excsave1
	j	level1
	.org	0x70		// exception within an exception
	wsr	a0, excsave1
	j	crash
	.org	0x80

	.text
	.literal_position
	.align	4
	.global	start
	.type	start, @function
start:
	rsil	a2, 3
	movi	a1, stack_top
	movi	a2, vectors
	wsr	a2, vecbase
	movi	a2, 0
	wsr	a2, intenable
	rsync
	movi	a3, bss_start
	movi	a4, bss_end
	j	2f
1:	s32i	a2, a3, 0
	addi	a3, a3, 4
2:	bltu	a3, a4, 1b
	call0	main
3:	j	3b
	.size	start, . - start

// Interrupts are exceptions with cause 4. What C may change is saved on the
// interrupted stack; a12 to a15 are C's to keep.
	.align	4
	.type	level1, @function
level1:
	rsr	a0, exccause
	bnei	a0, 4, crash
	addi	a1, a1, -48
	s32i	a2, a1, 4
	s32i	a3, a1, 8
	s32i	a4, a1, 12
	s32i	a5, a1, 16
	s32i	a6, a1, 20
	s32i	a7, a1, 24
	s32i	a8, a1, 28
	s32i	a9, a1, 32
	s32i	a10, a1, 36
	s32i	a11, a1, 40
	rsr	a2, excsave1
	rsr	a3, sar
	s32i	a2, a1, 0
	s32i	a3, a1, 44
	call0	interrupt
	l32i	a3, a1, 44
	l32i	a0, a1, 0
	wsr	a3, sar
	l32i	a2, a1, 4
	l32i	a3, a1, 8
	l32i	a4, a1, 12
	l32i	a5, a1, 16
	l32i	a6, a1, 20
	l32i	a7, a1, 24
	l32i	a8, a1, 28
	l32i	a9, a1, 32
	l32i	a10, a1, 36
	l32i	a11, a1, 40
	addi	a1, a1, 48
	rfe
	.size	level1, . - level1

// All else ends here: the registers are kept aside and told on a stack of their
// own, as a1 may be what is wrong.
	.align	4
	.type	crash, @function
crash:
	movi	a0, crash_registers
	s32i	a1, a0, 4
	s32i	a2, a0, 8
	s32i	a3, a0, 12
	s32i	a4, a0, 16
	s32i	a5, a0, 20
	s32i	a6, a0, 24
	s32i	a7, a0, 28
	s32i	a8, a0, 32
	s32i	a9, a0, 36
	s32i	a10, a0, 40
	s32i	a11, a0, 44
	s32i	a12, a0, 48
	s32i	a13, a0, 52
	s32i	a14, a0, 56
	s32i	a15, a0, 60
	rsr	a2, excsave1
	s32i	a2, a0, 0
	movi	a1, crash_stack_top
	call0	crash_report
	.size	crash, . - crash

	.section .bss.crash, "aw", @nobits
	.align	16
	.space	512
crash_stack_top:
