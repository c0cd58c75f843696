// What a console line says: id, verb, arguments, one space between.
#ifndef COMMAND_H
#define COMMAND_H

#include "console.h"
#include "envelope.h"

enum { COMMAND_ARGS = 4, COMMAND_ID_MAX = 999999999 };

struct command {
	uint32_t id; // 0: the line gave none
	struct bytes verb;
	struct bytes arg[COMMAND_ARGS];
	unsigned args; // COMMAND_ARGS + 1 if there were more
};

// command_parse returns false for what is no command; id is then still set, if
// it could be read.
bool command_parse(struct command *c, const struct line *line);

// command_bytes decodes a hex argument where it stands, in the console's line,
// and returns its length, or -1 with the argument spoilt.
int command_bytes(struct bytes *arg);

bool word_is(struct bytes word, const char *text);

#endif
