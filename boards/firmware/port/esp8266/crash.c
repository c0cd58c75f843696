// What is said of an exception before the chip is reset: a line of the form
// that the ROM prints, the registers, and the words on the stack that may be
// return addresses. Other words of the stack stay unsaid: one could be a key.

#include "cpu.h"
#include "hal.h"
#include "registers.h"
#include "text.h"
#include "uart.h"

enum { TRACE_WORDS = 16 };

uint32_t crash_registers[16];

extern const uint8_t stack_bottom[], stack_top[], vectors[];

static void text(const char *s)
{
	for (; *s; s++)
		uart_spin_write((uint8_t)*s);
}

static void hex(const char *name, uint32_t v)
{
	text(name);
	text("=0x");
	for (int shift = 28; shift >= 0; shift -= 4)
		uart_spin_write((uint8_t)hex_digit(v >> shift));
}

static void registers(void)
{
	static const char names[] = "a0\0\0a1\0\0a2\0\0a3\0\0a4\0\0a5\0\0a6\0\0a7\0\0a8\0\0a9\0\0a10\0a11\0a12\0a13\0a14\0a15";

	for (int i = 0; i < 16; i++) {
		hex(names + 4 * i, crash_registers[i]);
		text(i % 8 == 7 ? "\r\n" : ", ");
	}
}

static void trace(void)
{
	uint32_t a1 = crash_registers[1], n = 0;

	if (a1 < (uintptr_t)stack_bottom || a1 >= (uintptr_t)stack_top || a1 % 4 != 0)
		return;
	text("trace:");
	for (const uint32_t *p = (const uint32_t *)a1; p < (const uint32_t *)stack_top && n < TRACE_WORDS; p++)
		if (*p >= 0x40000000 && *p < 0x40108000) {
			hex(" at", *p);
			n++;
		}
	text("\r\n");
}

_Noreturn void crash_report(void)
{
	static bool before;
	uint8_t cause[DECIMAL_SIZE + 1] = {0};

	decimal(cause, SPECIAL_READ("exccause"));
	text("\r\nFatal exception (");
	text((const char *)cause);
	text("): \r\n");
	hex("epc1", SPECIAL_READ("epc1"));
	hex(", epc2", SPECIAL_READ("epc2"));
	hex(", epc3", SPECIAL_READ("epc3"));
	hex(", excvaddr", SPECIAL_READ("excvaddr"));
	hex(", depc", SPECIAL_READ("depc"));
	text("\r\n");
	if (!before) { // an exception in here must come to an end, too
		before = true;
		registers();
		trace();
	}
	while ((UART_STATUS >> 16 & 0xff) > 0)
		;
	hal_reset();
}
