#include "delivery.h"

#include "hal.h"

static void pause(uint32_t ms)
{
	uint32_t start = hal_cycles();

	while (hal_cycles() - start < ms * HAL_CYCLES_PER_MS)
		hal_idle(ms);
}

struct delivery deliver(carrier *carry, struct server server, struct bytes request)
{
	static struct reply reply;
	struct delivery d = {.outcome = OUTCOME_UNKNOWN};
	bool lost = false;

	while (d.attempts < DELIVERY_ATTEMPTS) {
		if (d.attempts > 0)
			pause(DELIVERY_PAUSE_MS << (d.attempts - 1));
		d.attempts++;
		reply_init(&reply);
		switch (carry(server, request, &reply)) {
		case ATTEMPT_REPLIED:
			d.http = reply.status;
			if (reply_accepts(&reply))
				d.outcome = OUTCOME_ACCEPTED;
			else
				d.outcome = lost ? OUTCOME_PRESUMED : OUTCOME_REFUSED;
			return d;
		case ATTEMPT_LOST:
			lost = true;
			break;
		case ATTEMPT_NOT_SENT:
			break;
		}
	}
	return d;
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {"accepted", "refused", "presumed", "unknown"};

	return names[outcome];
}
