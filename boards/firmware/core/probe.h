// Verbs that show how the device works without touching what it keeps: known
// answers for given keys, the image in flash, speed.
#ifndef PROBE_H
#define PROBE_H

#include "command.h"

void probe_seal(struct command *c);   // passphrase salt SEQN data
void probe_derive(struct command *c); // passphrase salt
void probe_digest(struct command *c); // nonce
void probe_bench(struct command *c);  // number of seals

#endif
