#include "salt.h"

#include "bytes.h"
#include "faults.h"
#include "hmac.h"

// once is the first 8 bytes of HMAC-MD5(passphrase, tag ‖ seqn ‖ noise).
static void once(struct bytes passphrase, const char *tag, uint64_t seqn, const uint8_t noise[8], uint8_t to[8])
{
	uint8_t text[8 + 8 + 8], mac[MD5_SIZE];
	size_t n = strlen(tag);

	memcpy(text, tag, n);
	store_be64(text + n, seqn);
	memcpy(text + n + 8, noise, 8);
	hmac_md5(passphrase.at, passphrase.n, text, n + 16, mac);
	memcpy(to, mac, 8);
}

void salt_make(struct bytes passphrase, uint64_t seqn, const uint8_t noise[8], uint8_t salt[SALT_SIZE])
{
	once(passphrase, "salt", seqn, noise, salt);
	if (PLANTED(FAULT_SALT_FROM_RNG_ONLY))
		memcpy(salt, noise, SALT_SIZE);
	if (PLANTED(FAULT_SALT_FIXED))
		memset(salt, 0x5a, SALT_SIZE);
}

void nonce_make(struct bytes passphrase, uint64_t seqn, const uint8_t noise[8], uint8_t nonce[NONCE_SIZE])
{
	once(passphrase, "nonce", seqn, noise, nonce);
}
