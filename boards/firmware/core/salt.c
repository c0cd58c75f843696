#include "salt.h"

#include "bytes.h"
#include "faults.h"
#include "hmac.h"

void salt_make(struct bytes passphrase, uint64_t seqn, const uint8_t noise[8], uint8_t salt[SALT_SIZE])
{
	uint8_t text[4 + 8 + 8] = "salt", mac[MD5_SIZE];

	store_be64(text + 4, seqn);
	memcpy(text + 12, noise, 8);
	hmac_md5(passphrase.at, passphrase.n, text, sizeof text, mac);
	memcpy(salt, mac, SALT_SIZE);
	if (PLANTED(FAULT_SALT_FROM_RNG_ONLY))
		memcpy(salt, noise, SALT_SIZE);
	if (PLANTED(FAULT_SALT_FIXED))
		memset(salt, 0x5a, SALT_SIZE);
}
