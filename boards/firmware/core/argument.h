// Arguments of commands. Each function that returns false has answered why.
#ifndef ARGUMENT_H
#define ARGUMENT_H

#include "command.h"

// argument_bytes decodes a hex argument of at most max bytes.
bool argument_bytes(struct command *c, unsigned i, size_t max);

// argument_number parses a decimal argument of at most max.
bool argument_number(struct command *c, unsigned i, uint64_t max, uint64_t *v);

// argument_reading decodes the JSON text that is to stand under "data".
bool argument_reading(struct command *c, unsigned i);

// argument_salt decodes a salt.
bool argument_salt(struct command *c, unsigned i);

#endif
