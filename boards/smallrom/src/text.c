// Text on the console.

#include "rom.h"

#include <stdarg.h>

void ets_uart_putc1(uint8_t byte)
{
	if (byte == '\r')
		return;
	if (byte == '\n')
		uart_tx_one_char('\r');
	uart_tx_one_char(byte);
}

static int number(uint32_t v, uint32_t base, bool negative, int width, bool zeros)
{
	char digits[12];
	int n = 0, sent = 0;

	do
		digits[n++] = "0123456789abcdef"[v % base];
	while ((v /= base) != 0);
	if (negative)
		digits[n++] = '-';
	for (; width > n; width--, sent++)
		ets_uart_putc1(zeros ? '0' : ' ');
	for (; n > 0; sent++)
		ets_uart_putc1((uint8_t)digits[--n]);
	return sent;
}

// ets_printf knows %d %u %x %c %s %% with a width and leading zeros.
int ets_printf(const char *format, ...)
{
	va_list args;
	int sent = 0;

	va_start(args, format);
	for (; *format; format++) {
		bool zeros = false;
		int width = 0;

		if (*format != '%') {
			ets_uart_putc1((uint8_t)*format);
			sent++;
			continue;
		}
		for (format++; *format >= '0' && *format <= '9'; format++) {
			zeros |= width == 0 && *format == '0';
			width = 10 * width + *format - '0';
		}
		switch (*format) {
		case 'd': {
			int32_t v = va_arg(args, int32_t);
			sent += number(v < 0 ? -(uint32_t)v : (uint32_t)v, 10, v < 0, width, zeros);
			break;
		}
		case 'u':
			sent += number(va_arg(args, uint32_t), 10, false, width, zeros);
			break;
		case 'x':
			sent += number(va_arg(args, uint32_t), 16, false, width, zeros);
			break;
		case 's':
			for (const char *s = va_arg(args, const char *); *s; s++, sent++)
				ets_uart_putc1((uint8_t)*s);
			break;
		case 'c':
			ets_uart_putc1((uint8_t)va_arg(args, int));
			sent++;
			break;
		case 0:
			format--;
			break;
		default:
			ets_uart_putc1((uint8_t)*format);
			sent++;
		}
	}
	va_end(args);
	return sent;
}
