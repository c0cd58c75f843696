// Resync: the device asks the backend which SEQN is next.
//
//	GET /sqn/{id}?nonce=HEX16   →   200 {"msg": envelope of {"SEQN":next,"nonce":"HEX16"}}
//
// What it is told settles whether its last message was stored, and where a device
// goes on that has lost its flash. Anybody may answer, so an answer counts only if
// it opens under the passphrase and has the nonce of this very question, which
// nobody can have seen before; and without data, for else a message of the
// device's own could come back as one.
#ifndef RESYNC_H
#define RESYNC_H

#include "reply.h"
#include "salt.h"

enum { NONCE_TEXT = 2 * NONCE_SIZE };

enum resync_answer {
	RESYNC_TOLD,
	RESYNC_NONE,     // a reply without an envelope: the backend does not know the device, or no resync
	RESYNC_SEALED,   // an envelope that does not open
	RESYNC_FOREIGN,  // one that opens, and is no answer to this question
};

// resync_read reads the answer out of a complete reply, which it spoils. nonce is
// the text that was asked with; next is at most SEQN_MAX + 1.
enum resync_answer resync_read(struct reply *reply, struct bytes passphrase, const char nonce[NONCE_TEXT + 1], uint64_t *next);

#endif
