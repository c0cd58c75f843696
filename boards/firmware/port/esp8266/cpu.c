#include "cpu.h"

#include "uart.h"

void cpu_sleep(uint32_t cycles)
{
	uint32_t on = 1u << IRQ_UART;

	if (cycles > 0) {
		SPECIAL_WRITE("ccompare0", SPECIAL_READ("ccount") + cycles);
		on |= 1u << IRQ_TIMER;
	}
	SPECIAL_WRITE("intenable", on);
	__asm__ volatile("waiti 0" ::: "memory");
}

// interrupt is what start.S calls for cause 4.
void interrupt(void)
{
	uint32_t which = SPECIAL_READ("interrupt") & SPECIAL_READ("intenable");

	if (which & 1u << IRQ_UART)
		uart_interrupt();
	if (which & 1u << IRQ_TIMER)
		// It has done its work by waking the processor. The request
		// itself is dropped when CCOMPARE0 is next written.
		SPECIAL_WRITE("intenable", 1u << IRQ_UART);
}
