#include "request.h"

#include "text.h"

size_t ipv4_text(uint8_t to[IPV4_TEXT], uint32_t ipv4)
{
	uint8_t *p = to, part[DECIMAL_SIZE];

	for (int shift = 24; shift >= 0; shift -= 8) {
		size_t n = decimal(part, ipv4 >> shift & 255);
		memcpy(p, part, n);
		p += n;
		if (shift > 0)
			*p++ = '.';
	}
	return (size_t)(p - to);
}

bool parse_ipv4(const uint8_t *text, size_t n, uint32_t *ipv4)
{
	const uint8_t *end = text + n;

	*ipv4 = 0;
	for (int i = 0; i < 4; i++) {
		const uint8_t *dot = text;
		uint64_t part;
		while (dot < end && *dot != '.')
			dot++;
		if ((dot == end) != (i == 3) || !parse_decimal(text, (size_t)(dot - text), 255, &part))
			return false;
		*ipv4 = *ipv4 << 8 | (uint32_t)part;
		text = dot + 1;
	}
	return true;
}

static uint8_t *text(uint8_t *to, const char *s)
{
	size_t n = strlen(s);

	memcpy(to, s, n);
	return to + n;
}

static uint8_t *number(uint8_t *to, size_t v)
{
	uint8_t digits[DECIMAL_SIZE];
	size_t n = decimal(digits, v);

	memcpy(to, digits, n);
	return to + n;
}

static bool unreserved(uint8_t c)
{
	uint8_t lower = c | 0x20;

	return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

// path encodes all but RFC 3986's unreserved characters, so that no id can
// reach another path. "." and ".." would be resolved away: their dots, too.
static uint8_t *path(uint8_t *to, struct bytes id)
{
	bool dots = true;

	for (size_t i = 0; i < id.n; i++)
		dots = dots && id.at[i] == '.';
	for (size_t i = 0; i < id.n; i++) {
		uint8_t c = id.at[i];
		if (unreserved(c) && !dots) {
			*to++ = c;
			continue;
		}
		*to++ = '%';
		*to++ = (uint8_t)"0123456789ABCDEF"[c >> 4];
		*to++ = (uint8_t)"0123456789ABCDEF"[c & 15];
	}
	return to;
}

static uint8_t *host(uint8_t *to, struct server server)
{
	to = text(to, " HTTP/1.1\r\nHost: ");
	to += ipv4_text(to, server.ipv4);
	*to++ = ':';
	return number(to, server.port);
}

size_t request_next(uint8_t *to, struct server server, struct bytes id, const char *nonce)
{
	uint8_t *p = path(text(to, "GET /sqn/"), id);

	p = text(text(p, "?nonce="), nonce);
	p = text(host(p, server), "\r\nConnection: close\r\n\r\n");
	return (size_t)(p - to);
}

size_t request_write(uint8_t *to, struct server server, struct bytes id, struct bytes msg)
{
	uint8_t *p = path(text(to, "POST /data/"), id);

	p = host(p, server);
	p = text(p, "\r\nContent-Type: application/json\r\nContent-Length: ");
	p = number(p, msg.n + sizeof "{\"msg\":\"\"}" - 1);
	p = text(p, "\r\nConnection: close\r\n\r\n{\"msg\":\"");
	memcpy(p, msg.at, msg.n);
	p = text(p + msg.n, "\"}");
	return (size_t)(p - to);
}
