// What the device keeps over resets and power cuts: identity and next SEQN.
#ifndef STORE_H
#define STORE_H

#include "provision.h"
#include "seqlog.h"

// STORE_DAMAGED: there is something in flash, but no whole provisioning with
// its SEQN. The device then sends nothing until it is provisioned again.
enum store_state { STORE_OK, STORE_EMPTY, STORE_DAMAGED };

struct store {
	enum store_state state;
	struct provision who;
	struct seqlog log;
};

enum store_result { STORE_DONE, STORE_EXHAUSTED, STORE_FLASH };

// store_boot reads what flash holds.
void store_boot(struct store *s);

// store_provision makes the device id with that passphrase. Under an unchanged
// passphrase the next SEQN is never lowered; under another it becomes next.
enum store_result store_provision(struct store *s, struct bytes id, struct bytes passphrase, uint64_t next);

// store_skip uses up n numbers, on an OK store. To take the next SEQN is to
// skip it: once that has returned STORE_DONE, the number is spent for ever.
enum store_result store_skip(struct store *s, uint64_t n);

struct bytes store_id(const struct store *s);
struct bytes store_passphrase(const struct store *s);

#endif
