#include "resync.h"

#include "faults.h"
#include "json.h"
#include "text.h"

// told reads what was in the envelope.
static bool told(const uint8_t *json, size_t n, const char *nonce, uint64_t *next)
{
	struct json_value seqn, data;

	if (!json_member_is(json, n, "nonce", nonce) && !PLANTED(FAULT_RESYNC_ANY_NONCE))
		return false;
	return json_member(json, n, "SEQN", &seqn) == 1 && json_member(json, n, "data", &data) == 0 &&
	       parse_decimal(seqn.at, seqn.n, SEQN_MAX + 1, next);
}

enum resync_answer resync_read(struct reply *reply, struct bytes passphrase, const char nonce[NONCE_TEXT + 1], uint64_t *next)
{
	static uint8_t msg[REPLY_KEPT];
	struct json_value value;
	int n = -1;

	if (reply->state == REPLY_COMPLETE && reply->status == 200 &&
	    json_member(reply->body, reply->body_len, "msg", &value) == 1)
		n = json_string(msg, sizeof msg, value);
	if (n < 0)
		return RESYNC_NONE;
	n = envelope_open(msg, (size_t)n, passphrase);
	if (n < 0)
		return RESYNC_SEALED;
	return told(msg, (size_t)n, nonce, next) ? RESYNC_TOLD : RESYNC_FOREIGN;
}
