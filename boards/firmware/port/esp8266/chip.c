// The chip itself.

#include "chip.h"

#include "cpu.h"
#include "hal.h"
#include "registers.h"
#include "uart.h"

#define BOOTS_MAGIC 0x45535042 // "BPSE"

extern void SPIUnlock(void);
extern void software_reset(void);
extern uint32_t rtc_get_reset_reason(void);

uint32_t hal_cycles(void)
{
	return SPECIAL_READ("ccount");
}

uint32_t hal_random(void)
{
	return RANDOM;
}

uint32_t hal_boots(void)
{
	return RTC_BOOTS;
}

uint32_t hal_cause(void)
{
	return rtc_get_reset_reason();
}

// hal_mac follows the maker's rule: the first three bytes are in word 3 if that
// is used at all, otherwise one of two prefixes that belong to Espressif.
void hal_mac(uint8_t mac[6])
{
	uint32_t prefix = EFUSE(3) & 0xffffff;

	if (prefix == 0)
		prefix = EFUSE(1) >> 16 & 0xff ? 0xacd074 : 0x18fe34;
	mac[0] = (uint8_t)(prefix >> 16);
	mac[1] = (uint8_t)(prefix >> 8);
	mac[2] = (uint8_t)prefix;
	mac[3] = (uint8_t)(EFUSE(1) >> 8);
	mac[4] = (uint8_t)EFUSE(1);
	mac[5] = (uint8_t)(EFUSE(0) >> 24);
}

_Noreturn void hal_reset(void)
{
	software_reset();
	for (;;)
		; // it takes effect some cycles later
}

void hal_watchdog(void)
{
	WDT_STAGE1 = WDT_STAGE2 = 6;
	WDT_CONTROL |= 1;
}

static void count_boot(void)
{
	if (RTC_MAGIC != BOOTS_MAGIC)
		RTC_BOOTS = 0;
	RTC_MAGIC = BOOTS_MAGIC;
	RTC_BOOTS = RTC_BOOTS + 1;
}

void chip_start(void)
{
	// The watchdog is off after a pin reset and on after a software one. Off
	// it stays: the firmware sleeps without end between two commands, and
	// each of its waits is bounded by a clock of its own.
	WDT_FEED = WDT_FEED_WORD;
	WDT_CONTROL &= ~1u;
	// A loader that was left in order has protected the flash.
	SPIUnlock();
	count_boot();
	uart_init();
	cpu_unlock();
}
