// UART0: by polling for who speaks, by interrupt for the loader, which is busy
// elsewhere while the host sends on.

#include "rom.h"

enum { RING = 256, IRQ_UART = 5 };

// Nobody looks whether the ring is full: a host that sends more than that ahead
// loses it, on a chip too.
static volatile uint8_t ring[RING];
static volatile uint8_t in, out;

void uart_div_modify(uint32_t uart, uint32_t divider)
{
	(void)uart; // there is only one to speak by
	while (UART_STATUS >> 16 & 0xff)
		;
	UART_CLKDIV = divider;
	UART_CONF0 |= UART_RESETS;
	UART_CONF0 &= ~UART_RESETS;
}

uint32_t uart_tx_one_char(uint8_t byte)
{
	while (UART_STATUS >> 16 & 0xff)
		;
	UART_FIFO = byte;
	return 0;
}

uint32_t uart_rx_one_char(uint8_t *byte)
{
	if ((UART_STATUS & 0xff) == 0)
		return 1;
	*byte = (uint8_t)UART_FIFO;
	return 0;
}

uint8_t uart_rx_one_char_block(void)
{
	uint8_t byte;

	while (uart_rx_one_char(&byte) != 0)
		;
	return byte;
}

void uart_listen(void)
{
	UART_CONF1 = 1;
	UART_INT_CLEAR = 0xffff;
	UART_INT_ENABLE = UART_INT_RX_FULL;
	SPECIAL_WRITE("intenable", 1u << IRQ_UART);
	__asm__ volatile("rsil a15, 0" ::: "a15", "memory");
}

void uart_interrupt(void)
{
	while (UART_STATUS & 0xff)
		ring[in++] = (uint8_t)UART_FIFO;
	UART_INT_CLEAR = UART_INT_RX_FULL;
}

uint8_t uart_take(void)
{
	while (in == out)
		;
	return ring[out++];
}
