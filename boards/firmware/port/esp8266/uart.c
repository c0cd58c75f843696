#include "uart.h"

#include "cpu.h"
#include "hal.h"
#include "limits.h"
#include "registers.h"

enum { FIFO_SIZE = 128, RING_SIZE = 8192 };

_Static_assert(RING_SIZE >= LIMIT_LINE && (RING_SIZE & (RING_SIZE - 1)) == 0, "a whole line fits, a power of two");

// Bytes received: written at in by the interrupt alone, read at out by the
// console alone. Both only ever count up. What a full ring cannot take is lost;
// the host has one command outstanding, so nothing is.
static uint8_t ring[RING_SIZE];
static volatile uint32_t in, out;

void uart_init(void)
{
	UART_CONF1 = 1; // interrupt on each byte
	UART_INT_CLEAR = ~0u;
	UART_INT_ENABLE = UART_INT_RX_FULL | UART_INT_RX_OVERFLOW;
	SPECIAL_WRITE("intenable", 1u << IRQ_UART);
}

void uart_interrupt(void)
{
	while ((UART_STATUS & 0xff) > 0) {
		uint8_t byte = (uint8_t)UART_FIFO;
		if (in - out < RING_SIZE)
			ring[in++ % RING_SIZE] = byte;
	}
	UART_INT_CLEAR = UART_INT_STATUS;
}

static uint32_t unsent(void)
{
	return UART_STATUS >> 16 & 0xff;
}

static uint32_t byte_cycles(void)
{
	return 10 * (UART_CLKDIV & 0xfffff); // UART and processor share a clock
}

int hal_console_read(void)
{
	int byte;

	if (in == out)
		return -1;
	byte = ring[out % RING_SIZE];
	out++;
	return byte;
}

void hal_console_write(uint8_t byte)
{
	while (unsent() >= FIFO_SIZE - 2) {
		cpu_lock();
		cpu_sleep(FIFO_SIZE / 2 * byte_cycles());
	}
	UART_FIFO = byte;
}

void hal_console_drain(void)
{
	for (uint32_t left; (left = unsent()) > 0;) {
		cpu_lock();
		cpu_sleep(left * byte_cycles());
	}
	cpu_lock();
	cpu_sleep(2 * byte_cycles()); // the byte that has left the FIFO and not the pin
}

void hal_idle(uint32_t ms)
{
	cpu_lock();
	if (in == out)
		cpu_sleep(ms * HAL_CYCLES_PER_MS);
	cpu_unlock();
}

void uart_spin_write(uint8_t byte)
{
	while (unsent() >= FIFO_SIZE - 2)
		;
	UART_FIFO = byte;
}
