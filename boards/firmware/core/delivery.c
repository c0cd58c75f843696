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

struct delivery deliver(carrier *carry, struct server server, struct bytes request)
{
	static struct reply reply;
	struct delivery d = {.outcome = OUTCOME_UNKNOWN};
	bool lost = false;

	while (PLANTED(FAULT_RETRY_FOREVER) || d.attempts < DELIVERY_ATTEMPTS) {
		if (d.attempts > 0)
			pause(DELIVERY_PAUSE_MS << (PLANTED(FAULT_RETRY_FOREVER) ? 0 : d.attempts - 1));
		if (d.attempts > 0 && (PLANTED(FAULT_RESEND_NEW_SEQN) || PLANTED(FAULT_RESEND_RESEALED)))
			request = anew();
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
			lost = !PLANTED(FAULT_LOSS_FORGOTTEN);
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
