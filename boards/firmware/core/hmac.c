#include "hmac.h"

static void pass(const uint8_t key[MD5_BLOCK], uint8_t mask, const uint8_t *text, size_t n, uint8_t sum[MD5_SIZE])
{
	struct md5 md5;
	uint8_t pad[MD5_BLOCK];

	for (int i = 0; i < MD5_BLOCK; i++)
		pad[i] = key[i] ^ mask;
	md5_init(&md5);
	md5_add(&md5, pad, sizeof pad);
	md5_add(&md5, text, n);
	md5_sum(&md5, sum);
}

void hmac_md5(const uint8_t *key, size_t key_len, const uint8_t *text, size_t text_len, uint8_t mac[MD5_SIZE])
{
	uint8_t block[MD5_BLOCK] = {0};

	if (key_len > MD5_BLOCK) {
		struct md5 md5;
		md5_init(&md5);
		md5_add(&md5, key, key_len);
		md5_sum(&md5, block);
	} else {
		memcpy(block, key, key_len);
	}
	pass(block, 0x36, text, text_len, mac);
	pass(block, 0x5c, mac, MD5_SIZE, mac);
}
