// How a message is brought to the backend, and what is known afterwards.
#ifndef DELIVERY_H
#define DELIVERY_H

#include "reply.h"
#include "request.h"

enum {
	DELIVERY_ATTEMPTS = 4,
	DELIVERY_PAUSE_MS = 100, // before the second attempt, then doubled each time
};

// What one attempt came to. Only ATTEMPT_LOST leaves open whether the backend
// has the message: a connection that never opened loses nothing.
enum attempt { ATTEMPT_REPLIED, ATTEMPT_NOT_SENT, ATTEMPT_LOST };

// carrier makes one attempt and reads the reply, which it was given empty.
typedef enum attempt carrier(struct server server, struct bytes request, struct reply *reply);

enum outcome {
	OUTCOME_ACCEPTED, // the backend said OK: stored, exactly once
	OUTCOME_REFUSED,  // it said otherwise, and nothing was lost before: not stored
	OUTCOME_PRESUMED, // it said otherwise after a lost attempt: that one was stored
	OUTCOME_UNKNOWN,  // no attempt was answered
};

// exchange is what became of a request and its resends.
struct exchange {
	bool replied; // the reply is complete
	bool lost;    // an attempt before it was lost
	unsigned attempts;
};

// converse sends the same bytes until one reply is complete, DELIVERY_ATTEMPTS times at
// most, with pauses between.
struct exchange converse(carrier *carry, struct server server, struct bytes request, struct reply *reply);

struct delivery {
	enum outcome outcome;
	unsigned attempts;
	unsigned http; // status of the reply that decided, 0 if none did
};

// deliver converses, and says what the reply means for a message.
struct delivery deliver(carrier *carry, struct server server, struct bytes request);

// anew is for the planted faults that resend something else: it makes the
// message once more and returns its request.
struct bytes anew(void);

const char *outcome_name(enum outcome outcome);

#endif
