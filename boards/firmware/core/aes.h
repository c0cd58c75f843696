// AES-256 (FIPS 197) and its CBC mode (SP 800-38A).
#ifndef AES_H
#define AES_H

#include "mem.h"

enum { AES_BLOCK = 16, AES_KEY = 32, AES_ROUNDS = 14 };

struct aes {
	uint8_t round[AES_ROUNDS + 1][AES_BLOCK];
};

void aes_init(struct aes *aes, const uint8_t key[AES_KEY]);
void aes_encrypt(const struct aes *aes, uint8_t block[AES_BLOCK]);
void aes_decrypt(const struct aes *aes, uint8_t block[AES_BLOCK]);

// aes_cbc encrypts n bytes, a multiple of 16, in place.
void aes_cbc(const struct aes *aes, const uint8_t iv[AES_BLOCK], uint8_t *bytes, size_t n);

// aes_cbc_open is its inverse.
void aes_cbc_open(const struct aes *aes, const uint8_t iv[AES_BLOCK], uint8_t *bytes, size_t n);

#endif
