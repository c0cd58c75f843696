#include "answer.h"
#include "carrier.h"
#include "command.h"
#include "console.h"
#include "hal.h"
#include "record.h"
#include "text.h"

static void ask(uint32_t number, struct server server, struct bytes request)
{
	uint8_t host[IPV4_TEXT];

	record_open();
	record_object("http");
	record_number("n", number);
	record_text("host", (struct bytes){host, ipv4_text(host, server.ipv4)});
	record_number("port", server.port);
	record_hex("request", request);
	record_end();
	record_close();
}

// answered reads one reply line: HEX, "refused" or "timeout", then, if the host
// wants to be sure that it is not late, the number of the record it means. What
// is none of this is answered and changes nothing.
static bool answered(struct command *c, uint32_t number, struct reply *reply, enum attempt *result)
{
	uint64_t meant = number;
	int n = 0;

	if (c->args < 1 || c->args > 2 || (c->args == 2 && !parse_decimal(c->arg[1].at, c->arg[1].n, UINT32_MAX, &meant))) {
		answer_error(c->id, "bad-args", "reply takes bytes, refused or timeout, and maybe a number");
		return false;
	}
	if (meant != number)
		return false;
	if (word_is(c->arg[0], "refused")) {
		*result = ATTEMPT_NOT_SENT;
		return true;
	}
	if (!word_is(c->arg[0], "timeout")) {
		n = command_bytes(&c->arg[0]);
		if (n < 0) {
			answer_error(c->id, "bad-args", "a reply is written in pairs of lower-case hex digits");
			return false;
		}
	}
	for (int i = 0; i < n; i++)
		reply_byte(reply, c->arg[0].at[i]);
	reply_end(reply);
	*result = reply->state == REPLY_COMPLETE ? ATTEMPT_REPLIED : ATTEMPT_LOST;
	return true;
}

enum attempt carry_host(struct server server, struct bytes request, struct reply *reply)
{
	static uint32_t number;
	uint32_t start = hal_cycles(), spent;
	enum attempt result;

	ask(++number, server, request);
	while ((spent = (hal_cycles() - start) / HAL_CYCLES_PER_MS) < CARRY_HOST_MS) {
		struct line line;
		struct command c;
		if (!console_line(&line, CARRY_HOST_MS - spent))
			break;
		if (line.n == 0)
			continue;
		if (!command_parse(&c, &line) || !word_is(c.verb, "reply"))
			answer_error(c.id, "busy", "a request is waiting for its reply line");
		else if (line.too_long)
			answer_error(c.id, "too-long", "the line exceeds the limit that hello states");
		else if (answered(&c, number, reply, &result))
			return result;
	}
	return ATTEMPT_LOST;
}
