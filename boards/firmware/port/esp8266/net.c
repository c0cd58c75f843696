// The virtual board's network. It never interrupts; it is asked.

#include "hal.h"
#include "registers.h"

bool hal_net_present(void)
{
	return NET_ID == NET_ID_WORD;
}

void hal_net_connect(uint32_t ipv4, uint16_t port)
{
	NET_HOST = ipv4;
	NET_PORT = port;
	NET_CONTROL = 1;
}

enum hal_net hal_net_state(void)
{
	uint32_t state = NET_STATUS & 15;

	return state <= NET_BROKEN ? (enum hal_net)state : NET_BROKEN;
}

void hal_net_send(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		NET_TX = bytes[i];
}

void hal_net_flush(void)
{
	NET_FLUSH = 1;
}

int hal_net_receive(void)
{
	return NET_STATUS >> 16 ? (int)(NET_RX & 0xff) : -1;
}

void hal_net_close(void)
{
	NET_CONTROL = 2;
}
