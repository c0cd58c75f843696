#include "argument.h"

#include "answer.h"
#include "json.h"
#include "text.h"

bool argument_bytes(struct command *c, unsigned i, size_t max)
{
	int n = command_bytes(&c->arg[i]);

	if (n < 0)
		answer_error(c->id, "bad-args", "bytes are written in pairs of lower-case hex digits, none as -");
	else if ((size_t)n > max)
		answer_error(c->id, "too-long", "an argument exceeds the limits that hello states");
	return n >= 0 && (size_t)n <= max;
}

bool argument_number(struct command *c, unsigned i, uint64_t max, uint64_t *v)
{
	if (parse_decimal(c->arg[i].at, c->arg[i].n, max, v))
		return true;
	answer_error(c->id, "bad-args", "a number is out of its range, or not plain decimal");
	return false;
}

bool argument_reading(struct command *c, unsigned i)
{
	if (!argument_bytes(c, i, LIMIT_DATA))
		return false;
	if (json_valid(c->arg[i].at, c->arg[i].n))
		return true;
	answer_error(c->id, "bad-args", "data is not one JSON value, or is nested too deep");
	return false;
}

bool argument_salt(struct command *c, unsigned i)
{
	if (!argument_bytes(c, i, SALT_SIZE))
		return false;
	if (c->arg[i].n == SALT_SIZE)
		return true;
	answer_error(c->id, "bad-args", "a salt is 8 bytes");
	return false;
}
