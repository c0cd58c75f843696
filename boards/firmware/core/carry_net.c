#include "carrier.h"
#include "hal.h"

static bool over(enum hal_net state)
{
	return state != NET_CONNECTING && state != NET_OPEN;
}

enum attempt carry_net(struct server server, struct bytes request, struct reply *reply)
{
	uint32_t start = hal_cycles();
	bool sent = false;

	hal_net_connect(server.ipv4, server.port);
	while (hal_cycles() - start < CARRY_NET_MS * HAL_CYCLES_PER_MS) {
		// The state is read before the bytes: none can arrive between
		// the last one taken and an end seen earlier.
		enum hal_net state = hal_net_state();
		int byte;
		if (state == NET_OPEN && !sent) {
			sent = true;
			hal_net_send(request.at, request.n);
			hal_net_flush();
		}
		while (sent && reply->state == REPLY_READING && (byte = hal_net_receive()) >= 0)
			reply_byte(reply, (uint8_t)byte);
		if (sent && state == NET_ENDED)
			reply_end(reply);
		if (over(state) || reply->state != REPLY_READING)
			break;
		hal_idle(1);
	}
	hal_net_close();
	if (reply->state == REPLY_COMPLETE)
		return ATTEMPT_REPLIED;
	return sent ? ATTEMPT_LOST : ATTEMPT_NOT_SENT;
}
