// The rest of a board that is not there: console, clock, RNG, network.
#ifndef FAKE_H
#define FAKE_H

#include <setjmp.h>

#include "hal.h"

// fake_reset empties the console both ways and forgets the network's plans.
void fake_reset(void);

// fake_type puts text on the way to the device; fake_lines hands all whole
// lines that are there to the control protocol.
void fake_type(const char *text);
void fake_type_bytes(const uint8_t *bytes, size_t n);
void fake_lines(void);

// What the device has said since fake_reset or fake_forget, terminated.
extern char fake_said[];
void fake_forget(void);

// fake_ask types one line and returns all that is said to it.
const char *fake_ask(const char *line);

// fake_when_idle is called whenever the device sleeps; NULL for nobody.
extern void (*fake_when_idle)(void);

// The next connection: how it goes, what comes over it, and how it ends.
struct fake_net {
	enum hal_net opens;  // NET_OPEN, or why not
	const char *reply;
	size_t reply_len;
	enum hal_net ends; // NET_OPEN: stays silent
};

void fake_plan(struct fake_net plan);

extern char fake_sent[];     // all that was flushed to connections
extern unsigned fake_random; // what the RNG says next; it counts up
extern bool fake_was_reset;
extern jmp_buf fake_after_reset; // where hal_reset, which does not return, goes
extern bool fake_has_net;

#endif
