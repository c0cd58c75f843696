// The envelope that a reading travels in.
//
//	msg        = base64( "Salted__" ‖ salt[8] ‖ ciphertext )
//	D1         = MD5(passphrase ‖ salt)
//	D2         = MD5(D1 ‖ passphrase ‖ salt)
//	D3         = MD5(D2 ‖ passphrase ‖ salt)
//	key, iv    = D1 ‖ D2, D3                       (OpenSSL EVP_BytesToKey, MD5, 1 round)
//	ciphertext = AES-256-CBC(key, iv, PKCS#7(inner))
//	inner      = base64( {"data":…,"SEQN":N} )
#ifndef ENVELOPE_H
#define ENVELOPE_H

#include "aes.h"
#include "base64.h"
#include "limits.h"

enum {
	SALT_SIZE = 8,
	ENVELOPE_JSON = sizeof "{\"data\":,\"SEQN\":}" - 1 + LIMIT_DATA + 16, // SEQN has at most 16 digits
	ENVELOPE_HEAD = 8 + SALT_SIZE,
	ENVELOPE_INNER = (BASE64_SIZE(ENVELOPE_JSON) / AES_BLOCK + 1) * AES_BLOCK,
	ENVELOPE_MSG = BASE64_SIZE(ENVELOPE_HEAD + ENVELOPE_INNER),
};

// bytes is a passphrase, a device id or a reading: any bytes, NUL included.
struct bytes {
	const uint8_t *at;
	size_t n;
};

void envelope_derive(struct bytes passphrase, const uint8_t salt[SALT_SIZE], uint8_t key[AES_KEY],
		     uint8_t iv[AES_BLOCK]);

// envelope_seal writes msg and returns its length, at most ENVELOPE_MSG. data
// is a JSON text of at most LIMIT_DATA bytes, taken as it is; seqn is at most
// SEQN_MAX. It keeps its scratch in static memory: one seal at a time.
size_t envelope_seal(uint8_t *msg, struct bytes passphrase, const uint8_t salt[SALT_SIZE], uint64_t seqn,
		     struct bytes data);

// envelope_open opens msg where it stands and returns the length of the JSON text
// that is then there, or -1 for what envelope_seal cannot have written under that
// passphrase: base64 and padding are held to the last bit, as they are all that a
// cipher without a MAC leaves to tell a forgery by.
int envelope_open(uint8_t *msg, size_t n, struct bytes passphrase);

#endif
