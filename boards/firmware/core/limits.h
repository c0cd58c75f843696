// The sizes that HELLO states and everything else is cut from.
#ifndef LIMITS_H
#define LIMITS_H

#include <stdint.h>

enum {
	LIMIT_LINE = 4096, // one console line, its LF included
	LIMIT_DATA = 1600, // bytes of JSON text under "data": 512 characters of up to three bytes fit
	LIMIT_ID = 32,     // bytes of device id
	LIMIT_PASS = 128,  // bytes of passphrase
	LIMIT_NONCE = 16,  // bytes of nonce
};

// The highest SEQN that a message may carry; next may stand one above it.
#define SEQN_MAX ((UINT64_C(1) << 53) - 2)

#endif
