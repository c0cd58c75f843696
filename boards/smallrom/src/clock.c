// Time and resets.

#include "rom.h"

// The core runs at 52 MHz until a program starts the PLL, and the ROM takes it
// for 80: its microsecond is 1.54 of them.
enum { MHZ = 80 };

void ets_delay_us(uint32_t us)
{
	uint32_t start = SPECIAL_READ("ccount");

	while (SPECIAL_READ("ccount") - start < us * MHZ)
		;
}

uint32_t rtc_get_reset_reason(void)
{
	uint32_t cause = RTC_CAUSE & 0xf;

	if (cause == 5)
		switch (RTC_CAUSE2 >> 8 & 0x3f) {
		case 1:
			cause = 6;
			break;
		case 8:
			break;
		default:
			cause = 0;
		}
	RTC_WAKE &= ~(1u << 21);
	return cause;
}

void software_reset(void)
{
	RTC_CTRL |= 1u << 31;
}
