#include "delivery.h"

#include <string.h>

#include "carrier.h"
#include "check.h"
#include "fake.h"
#include "tests.h"

#define HEAD "HTTP/1.1 200 OK\r\nContent-Length: "
#define OK HEAD "15\r\n\r\n{\"status\":\"OK\"}"
#define NOT_OK HEAD "19\r\n\r\n{\"status\":\"NOT OK\"}"

// Letters for what becomes of a connection.
static struct fake_net plan(char c)
{
	const char *reply = c == 'a' ? OK : c == 'n' ? NOT_OK : c == 'c' ? HEAD "15\r\n\r\n{\"status\":\"OK\"" : "";
	struct fake_net p = {NET_OPEN, reply, strlen(reply), NET_ENDED};

	switch (c) {
	case 'r': // nobody listens
		p.opens = NET_REFUSED;
		break;
	case 't': // nobody answers the attempt to connect
		p.opens = NET_TIMEOUT;
		break;
	case 'w': // the attempt to connect never ends
		p.opens = NET_CONNECTING;
		break;
	case 's': // connected, and silence
		p.ends = NET_OPEN;
		break;
	case 'b': // reset by the peer
		p.ends = NET_BROKEN;
		break;
	}
	return p;
}

// c is cut off in the body, e ends at once; the others as above.
static const struct {
	const char *attempts;
	enum outcome outcome;
	unsigned count, http;
} cases[] = {
	{"a", OUTCOME_ACCEPTED, 1, 200},    {"n", OUTCOME_REFUSED, 1, 200},   {"ra", OUTCOME_ACCEPTED, 2, 200},
	{"rn", OUTCOME_REFUSED, 2, 200},    {"twrn", OUTCOME_REFUSED, 4, 200}, {"sa", OUTCOME_ACCEPTED, 2, 200},
	{"sn", OUTCOME_PRESUMED, 2, 200},   {"en", OUTCOME_PRESUMED, 2, 200}, {"bn", OUTCOME_PRESUMED, 2, 200},
	{"cn", OUTCOME_PRESUMED, 2, 200},   {"crtn", OUTCOME_PRESUMED, 4, 200}, {"rrra", OUTCOME_ACCEPTED, 4, 200},
	{"rrrr", OUTCOME_UNKNOWN, 4, 0},    {"ssss", OUTCOME_UNKNOWN, 4, 0},  {"cebra", OUTCOME_UNKNOWN, 4, 0},
};

static const struct bytes request = {(const uint8_t *)"request;", 8};
static const struct server server = {0x7f000001, 80};

static void test_outcomes(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct delivery d;
		size_t sent = 0;
		fake_reset();
		for (const char *c = cases[i].attempts; *c; c++)
			fake_plan(plan(*c));
		d = deliver(carry_net, server, request);
		check_(d.outcome == cases[i].outcome, cases[i].attempts, __FILE__, __LINE__);
		CHECK_NUMBER(d.attempts, cases[i].count);
		CHECK_NUMBER(d.http, cases[i].http);
		for (unsigned a = 0; a < d.attempts; a++)
			sent += strchr("rtw", cases[i].attempts[a]) == NULL;
		CHECK_NUMBER(strlen(fake_sent), sent * request.n);
		for (size_t a = 0; a < sent; a++)
			CHECK(memcmp(fake_sent + a * request.n, request.at, request.n) == 0);
	}
}

// A silent peer costs five seconds, a silent host fifteen.
static void test_time(void)
{
	struct reply reply;
	uint32_t start;

	fake_reset();
	fake_plan(plan('s'));
	reply_init(&reply);
	start = hal_cycles();
	CHECK(carry_net(server, request, &reply) == ATTEMPT_LOST);
	CHECK((hal_cycles() - start) / HAL_CYCLES_PER_MS >= 5000 && (hal_cycles() - start) / HAL_CYCLES_PER_MS < 5100);
	reply_init(&reply);
	start = hal_cycles();
	CHECK(carry_host(server, request, &reply) == ATTEMPT_LOST);
	CHECK((hal_cycles() - start) / HAL_CYCLES_PER_MS >= 15000 && (hal_cycles() - start) / HAL_CYCLES_PER_MS < 15100);
}

void test_delivery(void)
{
	test_outcomes();
	test_time();
}
