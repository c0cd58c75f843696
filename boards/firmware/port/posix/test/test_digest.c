#include <string.h>

#include "bytes.h"
#include "check.h"
#include "crc32.h"
#include "hmac.h"
#include "tests.h"

// RFC 1321, appendix A.5.
static const char *const md5_answers[][2] = {
	{"", "d41d8cd98f00b204e9800998ecf8427e"},
	{"a", "0cc175b9c0f1b6a831c399e269772661"},
	{"abc", "900150983cd24fb0d6963f7d28e17f72"},
	{"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
	{"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
	{"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"},
	{"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
	 "57edf4a22be3c955ac49da2e2107b67a"},
};

// RFC 2202, section 2: key, data, digest, all hex.
static const char *const hmac_answers[][3] = {
	{"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265", "9294727a3638bb1c13f48ef8158bfc9d"},
	{"4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f", "750c783e6ab0b503eaa86e310a5db738"},
	{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	 "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
	 "56be34521d144c88dbb8c733f0e8b3f6"},
	{"0102030405060708090a0b0c0d0e0f10111213141516171819",
	 "cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
	 "697eaf0aca3a3aea3a75164746ffaa79"},
	{"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c", "546573742057697468205472756e636174696f6e",
	 "56461ef2342edc00f9bab995690efd4c"},
};

// The two with a key of 80 bytes of aa.
static const char *const hmac_long_answers[][2] = {
	{"Test Using Larger Than Block-Size Key - Hash Key First", "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"},
	{"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
	 "6f630fad67cda0ee1fb1f562db3aa53e"},
};

// Added in whatever parts, the sum is the same, over each edge of a block.
static void test_parts(void)
{
	uint8_t text[300], whole[MD5_SIZE], parts[MD5_SIZE];
	struct md5 md5;

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = (uint8_t)check_random();
	for (size_t n = 0; n <= sizeof text; n++) {
		md5_init(&md5);
		md5_add(&md5, text, n);
		md5_sum(&md5, whole);
		md5_init(&md5);
		for (size_t i = 0, part; i < n; i += part) {
			part = check_random() % (n - i) + 1;
			md5_add(&md5, text + i, part);
		}
		md5_sum(&md5, parts);
		CHECK(memcmp(whole, parts, MD5_SIZE) == 0);
	}
}

void test_digest(void)
{
	uint8_t key[80], text[64], sum[MD5_SIZE];
	struct md5 md5;

	for (size_t i = 0; i < sizeof md5_answers / sizeof md5_answers[0]; i++) {
		md5_init(&md5);
		md5_add(&md5, md5_answers[i][0], strlen(md5_answers[i][0]));
		md5_sum(&md5, sum);
		CHECK_HEX(sum, sizeof sum, md5_answers[i][1]);
	}
	test_parts();
	for (size_t i = 0; i < sizeof hmac_answers / sizeof hmac_answers[0]; i++) {
		size_t key_len = unhex(key, hmac_answers[i][0]), n = unhex(text, hmac_answers[i][1]);
		hmac_md5(key, key_len, text, n, sum);
		CHECK_HEX(sum, sizeof sum, hmac_answers[i][2]);
	}
	memset(key, 0xaa, sizeof key);
	for (size_t i = 0; i < 2; i++) {
		const char *t = hmac_long_answers[i][0];
		hmac_md5(key, sizeof key, (const uint8_t *)t, strlen(t), sum);
		CHECK_HEX(sum, sizeof sum, hmac_long_answers[i][1]);
	}
	CHECK_NUMBER(crc32("123456789", 9), 0xcbf43926);
	CHECK_NUMBER(crc32("", 0), 0);
}
