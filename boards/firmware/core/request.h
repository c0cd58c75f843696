// The HTTP requests that carry an envelope and that ask for what is next.
#ifndef REQUEST_H
#define REQUEST_H

#include "envelope.h"

struct server {
	uint32_t ipv4; // 127.0.0.1 is 0x7f000001
	uint16_t port; // 0: none given
};

enum {
	IPV4_TEXT = sizeof "255.255.255.255" - 1,
	REQUEST_HEAD = 256 + 3 * LIMIT_ID, // the id may be percent-encoded throughout
	REQUEST_SIZE = REQUEST_HEAD + ENVELOPE_MSG + sizeof "{\"msg\":\"\"}",
};

// ipv4_text writes dotted decimal and returns its length.
size_t ipv4_text(uint8_t to[IPV4_TEXT], uint32_t ipv4);

// parse_ipv4 is its inverse, strict.
bool parse_ipv4(const uint8_t *text, size_t n, uint32_t *ipv4);

// request_write writes POST /data/{id} with msg, at most REQUEST_SIZE bytes,
// and returns its length.
size_t request_write(uint8_t *to, struct server server, struct bytes id, struct bytes msg);

// request_next writes GET /sqn/{id} with a nonce of at most 16 characters, at most
// REQUEST_HEAD bytes, and returns its length.
size_t request_next(uint8_t *to, struct server server, struct bytes id, const char *nonce);

#endif
