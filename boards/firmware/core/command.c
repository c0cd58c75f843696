#include "command.h"

#include "text.h"

// next cuts a word off rest, which then begins behind the one space after it.
static struct bytes next(struct bytes *rest)
{
	struct bytes word = {rest->at, 0};

	while (word.n < rest->n && word.at[word.n] != ' ')
		word.n++;
	rest->at += word.n;
	rest->n -= word.n;
	return word;
}

static bool space(struct bytes *rest)
{
	if (rest->n == 0)
		return false;
	rest->at++;
	rest->n--;
	return true;
}

bool command_parse(struct command *c, const struct line *line)
{
	struct bytes rest = {line->text, line->n}, id;
	uint64_t number;

	*c = (struct command){0};
	id = next(&rest);
	if (!parse_decimal(id.at, id.n, COMMAND_ID_MAX, &number) || number == 0)
		return false;
	c->id = (uint32_t)number;
	if (!space(&rest))
		return false;
	c->verb = next(&rest);
	while (space(&rest)) {
		struct bytes word = next(&rest);
		if (c->args < COMMAND_ARGS)
			c->arg[c->args++] = word;
		else
			c->args = COMMAND_ARGS + 1;
	}
	return true;
}

int command_bytes(struct bytes *arg)
{
	int n = parse_hex((uint8_t *)arg->at, arg->at, arg->n);

	arg->n = n < 0 ? 0 : (size_t)n;
	return n;
}

bool word_is(struct bytes word, const char *text)
{
	return word.n == strlen(text) && memcmp(word.at, text, word.n) == 0;
}
