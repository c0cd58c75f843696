// What the device says of itself.
#ifndef HELLO_H
#define HELLO_H

#include "store.h"

// hello_write writes the member "hello" into an open record. Image and digest
// are read from flash as it is now.
void hello_write(const struct store *store, struct bytes nonce);

#endif
