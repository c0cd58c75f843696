#include "envelope.h"

#include <string.h>

#include "check.h"
#include "salt.h"
#include "tests.h"

static struct bytes text(const char *s)
{
	return (struct bytes){(const uint8_t *)s, strlen(s)};
}

// Made with openssl enc -aes-256-cbc -md md5 -S … -a -A.
static const struct {
	const char *passphrase, *salt;
	uint64_t seqn;
	const char *data, *msg;
} answers[] = {
	{"correct horse", "0102030405060708", 121, "{\"value\":300}",
	 "U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfBEHQzobzYTBStYbdyJnZs5xTZ67zxzXwYhxzgSzmGQNw=="},
	{"2B7E151628AED2A6ABF7158809CF4F3C", "ffffffffffffffff", 0, "\"\"",
	 "U2FsdGVkX1///////////5sVQDmhS0bONb7qDRBe6/dFK0OUnPpIrkmYplfe/zxz"},
	{"p\xc3\xa4ssword", "0000000000000000", 9007199254740990, "null",
	 "U2FsdGVkX18AAAAAAAAAANN3u33Dq1gm7LbbpRaTRAWIyM7ybOHRkSNeUrxd5PZmFpT+pI3Y4hMZ0ZQTrPrfYgivEa73um88QJXTLchhugc="},
	{"x", "a5a5a5a5a5a5a5a5", 7, "[1,{\"a\":\"b\"}]",
	 "U2FsdGVkX1+lpaWlpaWlpc3dSKREGFCq+kAwLSpCXduZF/DyN9S+tU33T7iExms9g4KppmGFFXqJLHEag4t4iQ=="},
	{"x", "a5a5a5a5a5a5a5a5", 7, "\"123456789\"",
	 "U2FsdGVkX1+lpaWlpaWlpUGi3EtDkqZ308ul4sCFSfg2Yld5Fjc9tXIb1O4gbq/HctE2d9UWU8eXIjkuGsTUPA=="},
};

// The largest message fits, to the byte.
static void test_largest(void)
{
	static uint8_t data[LIMIT_DATA], msg[ENVELOPE_MSG];
	uint8_t salt[SALT_SIZE] = {0}, pass[LIMIT_PASS];

	memset(data, 'x', sizeof data);
	data[0] = data[sizeof data - 1] = '"';
	memset(pass, 0xff, sizeof pass);
	size_t n = envelope_seal(msg, (struct bytes){pass, sizeof pass}, salt, SEQN_MAX,
				 (struct bytes){data, sizeof data});
	CHECK_NUMBER(n, ENVELOPE_MSG);
}

static void test_salt(void)
{
	uint8_t salt[SALT_SIZE], other[SALT_SIZE];
	const uint8_t noise[8] = {1, 2, 3, 4, 5, 6, 7, 8};

	// HMAC-MD5("correct horse", "salt" 0000000000000079 0102030405060708)
	salt_make(text("correct horse"), 121, noise, salt);
	CHECK_HEX(salt, SALT_SIZE, "8ed8ab9f663211a3");
	// … "nonce" …
	nonce_make(text("correct horse"), 121, noise, other);
	CHECK_HEX(other, NONCE_SIZE, "32a7b728d1ff6bb4");
	salt_make(text("correct horse"), 122, noise, other);
	CHECK(memcmp(salt, other, SALT_SIZE) != 0);
	salt_make(text("correct horsf"), 121, noise, other);
	CHECK(memcmp(salt, other, SALT_SIZE) != 0);
}

void test_envelope(void)
{
	uint8_t key[AES_KEY], iv[AES_BLOCK], salt[SALT_SIZE], msg[ENVELOPE_MSG];

	unhex(salt, "0102030405060708");
	envelope_derive(text("correct horse"), salt, key, iv);
	CHECK_HEX(key, AES_KEY, "bcf8d941d9291141709c9d56360eb7148e3960ab3dc44d832c4028568545c91d");
	CHECK_HEX(iv, AES_BLOCK, "5a7a1d12207f801d2f6f4cf578e8708c");
	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
		unhex(salt, answers[i].salt);
		size_t n = envelope_seal(msg, text(answers[i].passphrase), salt, answers[i].seqn, text(answers[i].data));
		CHECK_TEXT(msg, n, answers[i].msg);
	}
	test_largest();
	test_salt();
}
