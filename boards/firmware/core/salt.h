// Salts that never repeat between different messages, and nonces that never
// repeat between questions.
#ifndef SALT_H
#define SALT_H

#include "envelope.h"

enum { NONCE_SIZE = 8 };

// salt_make is the first 8 bytes of
// HMAC-MD5(passphrase, "salt" ‖ SEQN, 8 bytes big-endian ‖ noise, 8 bytes).
//
// With its radio off the chip's RNG gives the same numbers after each reset, so
// what keeps salts apart is the SEQN, which never comes back. The MAC keeps the
// passphrase out of reach of a guess at MD5(passphrase ‖ …), which is the key.
void salt_make(struct bytes passphrase, uint64_t seqn, const uint8_t noise[8], uint8_t salt[SALT_SIZE]);

// nonce_make is the same under the tag "nonce". The SEQN is one that is spent for
// it. A device that has lost its flash has the RNG alone: an answer to a question
// of its former life may pass then, and tells a number that was once true.
void nonce_make(struct bytes passphrase, uint64_t seqn, const uint8_t noise[8], uint8_t nonce[NONCE_SIZE]);

#endif
