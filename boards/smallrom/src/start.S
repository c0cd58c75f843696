// Where the core comes to the ROM: reset, exceptions, and the functions at the
// addresses that they have in every ESP8266. The code itself lies elsewhere.

	.macro	at address, name
	.org	\address & 0xffff
	j	\name
	.endm

	.section .low, "ax"
	.org	0x10			// debug exception
	j	dead
	.org	0x20			// NMI
	j	dead
	.org	0x30			// level 1, PS.UM clear
	wsr	a0, excsave1
	j	level1
	.org	0x50			// level 1, PS.UM set
	wsr	a0, excsave1
	j	level1
	.org	0x70			// exception within an exception
	j	dead
	at	0x40000080, reset
	at	0x40000650, __muldi3
	.org	0x1000
	.word	0xfff0c101		// hosts tell the chip by it
	at	0x40001100, user_done
	at	0x40001dcc, ets_uart_putc1
	at	0x400024cc, ets_printf
	at	0x400025e0, rtc_get_reset_reason
	at	0x4000264c, software_reset
	at	0x40002ecc, ets_delay_us
	at	0x400039d8, uart_div_modify
	at	0x40003b30, uart_tx_one_char
	at	0x40003b64, uart_rx_one_char_block
	at	0x40003b8c, uart_rx_one_char
	at	0x400047f0, Cache_Read_Disable
	at	0x40004878, SPIUnlock
	at	0x400048a8, SPILock
	at	0x400049b4, SPIEraseBlock
	at	0x40004a00, SPIEraseSector
	at	0x40004a4c, SPIWrite
	at	0x40004b1c, SPIRead
	at	0x40004b44, SPIEraseArea

	.section .high, "ax"
	.org	0x18			// of 0x40009800
	j	MD5Init
	.org	0x34
	j	MD5Update
	.org	0x100
	j	MD5Final

	.section .top, "ax"		// of 0x4000bf00
	.org	0x4c
	j	strlen
	.org	0xd310 - 0xbf00
	j	__udivdi3
	.org	0xd770 - 0xbf00
	j	__umoddi3
	.org	0xdcf0 - 0xbf00
	j	__umulsidi3
	.org	0xde84 - 0xbf00
	j	bzero
	.org	0xdea8 - 0xbf00
	j	memcmp
	.org	0xdf48 - 0xbf00
	j	memcpy
	.org	0xe04c - 0xbf00
	j	memmove
	.org	0xe190 - 0xbf00
	j	memset
	.org	0xe21c - 0xbf00
	j	__udivsi3
	.org	0xe268 - 0xbf00
	j	__umodsi3

	.text
	.literal_position
	.align	4
	.type	reset, @function
reset:
	movi	a2, 0
	wsr	a2, intenable
	movi	a2, 0x40000000
	wsr	a2, vecbase
	movi	a2, 0x21		// PS: UM, level 1, no exception
	wsr	a2, ps
	rsync
	movi	a2, data_start		// constants and variables: the ROM itself
	movi	a3, data_end		// can be read by whole words only
	movi	a4, data_load
	j	2f
1:	l32i	a5, a4, 0
	s32i	a5, a2, 0
	addi	a2, a2, 4
	addi	a4, a4, 4
2:	bltu	a2, a3, 1b
	movi	a3, bss_end
	movi	a5, 0
	j	4f
3:	s32i	a5, a2, 0
	addi	a2, a2, 4
4:	bltu	a2, a3, 3b
	movi	a1, 0x3ffffff0
	call0	boot
	.size	reset, . - reset

// A program begins with interrupts off, and returns to where it is called from.
	.align	4
	.global	enter
	.type	enter, @function
enter:
	movi	a3, 0
	wsr	a3, intenable
	movi	a3, 0x20		// PS: UM
	wsr	a3, ps
	rsync
	movi	a1, 0x3ffffff0
	movi	a0, 0x40001100
	jx	a2
	.size	enter, . - enter

	.align	4
	.global	dead
	.type	dead, @function
dead:
	waiti	2
	j	dead
	.size	dead, . - dead

// Exceptions go to C on the interrupted stack, and back to where they were.
// a12 to a15 are C's to keep.
	.align	4
	.type	level1, @function
level1:
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
	rsr	a2, exccause
	call0	exception
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
