#include "console.h"

#include "hal.h"

static uint8_t text[LIMIT_LINE];
static size_t length;

static void finish(struct line *line)
{
	line->text = text;
	line->too_long = length >= LIMIT_LINE;
	line->n = line->too_long ? LIMIT_LINE : length;
	if (line->n > 0 && text[line->n - 1] == '\r')
		line->n--;
	length = 0;
}

bool console_line(struct line *line, uint32_t ms)
{
	uint32_t start = hal_cycles();

	for (;;) {
		uint32_t spent;
		int byte;
		while ((byte = hal_console_read()) >= 0) {
			if (byte == '\n') {
				finish(line);
				return true;
			}
			if (length < LIMIT_LINE)
				text[length++] = (uint8_t)byte;
		}
		spent = (hal_cycles() - start) / HAL_CYCLES_PER_MS;
		if (ms > 0 && spent >= ms)
			return false;
		hal_idle(ms > 0 ? ms - spent : 0);
	}
}
