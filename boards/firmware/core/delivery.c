#include "delivery.h"

#include "faults.h"
#include "hal.h"

static void pause(uint32_t ms)
{
	uint32_t start = hal_cycles();

	if (PLANTED(FAULT_WATCHDOG_UNFED))
		hal_watchdog();
	while (hal_cycles() - start < ms * HAL_CYCLES_PER_MS)
		hal_idle(ms);
}

struct exchange converse(carrier *carry, struct server server, struct bytes request, struct reply *reply)
{
	struct exchange x = {.attempts = 0};

	while (!x.replied && (PLANTED(FAULT_RETRY_FOREVER) || x.attempts < DELIVERY_ATTEMPTS)) {
		if (x.attempts > 0)
			pause(DELIVERY_PAUSE_MS << (PLANTED(FAULT_RETRY_FOREVER) ? 0 : x.attempts - 1));
		if (x.attempts > 0 && (PLANTED(FAULT_RESEND_NEW_SEQN) || PLANTED(FAULT_RESEND_RESEALED)))
			request = anew();
		x.attempts++;
		reply_init(reply);
		switch (carry(server, request, reply)) {
		case ATTEMPT_REPLIED:
			x.replied = true;
			break;
		case ATTEMPT_LOST:
			x.lost = !PLANTED(FAULT_LOSS_FORGOTTEN);
			break;
		case ATTEMPT_NOT_SENT:
			if (PLANTED(FAULT_PRESUMES_UNSENT))
				x.lost = true;
			break;
		}
	}
	return x;
}

struct delivery deliver(carrier *carry, struct server server, struct bytes request)
{
	static struct reply reply;
	struct exchange x = converse(carry, server, request, &reply);
	struct delivery d = {.outcome = OUTCOME_UNKNOWN, .attempts = x.attempts};

	if (!x.replied)
		return d;
	d.http = reply.status;
	if (reply_accepts(&reply))
		d.outcome = OUTCOME_ACCEPTED;
	else
		d.outcome = x.lost ? OUTCOME_PRESUMED : OUTCOME_REFUSED;
	return d;
}

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {"accepted", "refused", "presumed", "unknown"};

	return names[outcome];
}
