// Answers to commands.
#ifndef ANSWER_H
#define ANSWER_H

#include "mem.h"

// answer_ok opens the record of an answer; its caller adds members and closes it.
void answer_ok(uint32_t id);

// answer_error is a whole answer. Neither code nor detail ever quotes the host:
// what it said may be a passphrase.
void answer_error(uint32_t id, const char *code, const char *detail);

#endif
