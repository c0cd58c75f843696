#include "resync.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "control.h"
#include "fake.h"
#include "nor.h"
#include "tests.h"
#include "text.h"

#define NONCE "00112233aabbccdd"

static const struct bytes passphrase = {(const uint8_t *)"correct horse", 13};

// seal_json is envelope_seal for any text: what a backend writes, and a forger.
static size_t seal_json(char *msg, const char *json, struct bytes under)
{
	static uint8_t raw[2048];
	uint8_t key[AES_KEY], iv[AES_BLOCK], *inner = raw + ENVELOPE_HEAD;
	struct aes aes;
	size_t n = base64_encode(inner, (const uint8_t *)json, strlen(json));
	uint8_t fill = (uint8_t)(AES_BLOCK - n % AES_BLOCK);

	memcpy(raw, "Salted__saltsalt", ENVELOPE_HEAD);
	memset(inner + n, fill, fill);
	envelope_derive(under, raw + 8, key, iv);
	aes_init(&aes, key);
	aes_cbc(&aes, iv, inner, n + fill);
	n = base64_encode((uint8_t *)msg, raw, ENVELOPE_HEAD + n + fill);
	msg[n] = 0;
	return n;
}

// http frames a body as a reply that is complete.
static char *http(const char *body)
{
	static char text[8192];

	snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
	return text;
}

static char *answers(const char *json, struct bytes under)
{
	static char body[4096], msg[3000];

	seal_json(msg, json, under);
	snprintf(body, sizeof body, "{\"msg\":\"%s\"}", msg);
	return http(body);
}

static enum resync_answer reads(const char *text, uint64_t *next)
{
	static struct reply r;

	reply_init(&r);
	for (; *text; text++)
		reply_byte(&r, (uint8_t)*text);
	reply_end(&r);
	return resync_read(&r, passphrase, NONCE, next);
}

static const struct {
	const char *json;
	enum resync_answer answer;
	uint64_t next;
} texts[] = {
	{"{\"SEQN\":121,\"nonce\":\"" NONCE "\"}", RESYNC_TOLD, 121},
	{"{\"nonce\":\"" NONCE "\",\"later\":[{}],\"SEQN\":0}", RESYNC_TOLD, 0},
	{"{\"SEQN\":9007199254740991,\"nonce\":\"" NONCE "\"}", RESYNC_TOLD, SEQN_MAX + 1},
	{"{\"SEQN\":9007199254740992,\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":18446744073709551737,\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121,\"nonce\":\"00112233aabbccde\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121,\"nonce\":\"00112233AABBCCDD\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121,\"nonce\":\"" NONCE "0\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121,\"nonce\":\"\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121,\"nonce\":null}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121}", RESYNC_FOREIGN, 0},
	{"{\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121,\"SEQN\":121,\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121,\"nonce\":\"" NONCE "\",\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121,\"nonce\":\"" NONCE "\",\"data\":1}", RESYNC_FOREIGN, 0}, // a reading
	{"{\"SEQN\":121,\"nonce\":\"" NONCE "\",\"d\\u0061ta\":null}", RESYNC_FOREIGN, 0},
	{"{\"seqn\":121,\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":\"121\",\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":[121],\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121.0,\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":1e2,\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":-1,\"nonce\":\"" NONCE "\"}", RESYNC_FOREIGN, 0},
	{"{\"SEQN\":121,\"nonce\":\"" NONCE "\"} ", RESYNC_TOLD, 121},
	{"{\"SEQN\":121,\"nonce\":\"" NONCE "\"}x", RESYNC_FOREIGN, 0},
	{"{\"x\":{\"SEQN\":121,\"nonce\":\"" NONCE "\"}}", RESYNC_FOREIGN, 0},
	{"[{\"SEQN\":121,\"nonce\":\"" NONCE "\"}]", RESYNC_FOREIGN, 0},
	{"", RESYNC_FOREIGN, 0},
};

static void test_texts(void)
{
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		uint64_t next = 0;
		enum resync_answer got = reads(answers(texts[i].json, passphrase), &next);
		check_(got == texts[i].answer && (got != RESYNC_TOLD || next == texts[i].next), texts[i].json, __FILE__, __LINE__);
		CHECK(reads(answers(texts[i].json, (struct bytes){(const uint8_t *)"another", 7}), &next) == RESYNC_SEALED);
	}
}

static const struct {
	const char *text;
	enum resync_answer answer;
} replies[] = {
	{"HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"status\":\"NOT OK\"}", RESYNC_NONE},
	{"HTTP/1.1 404 Not Found\r\nContent-Length: 11\r\n\r\n{\"msg\":\"\"}\n", RESYNC_NONE},
	{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"msg\":\"\"}", RESYNC_SEALED},
	{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"msg\":1}", RESYNC_NONE},
	{"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"msg\":\"\",\"msg\":\"U\"}", RESYNC_NONE},
	{"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"msg\":\"\\u00\"}", RESYNC_NONE},
	{"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"msg\":\"\xc3\xa9\"}", RESYNC_NONE},
	{"HTTP/1.1 200 OK\r\nContent-Length: 42\r\n\r\n{\"msg\":\"U2FsdGVkX18BAgMEBQYHCA==\"}        ", RESYNC_SEALED},
};

static void test_replies(void)
{
	char json[64] = "{\"SEQN\":121,\"nonce\":\"" NONCE "\"}", body[1024], msg[512];
	uint64_t next = 0;

	for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++)
		check_(reads(replies[i].text, &next) == replies[i].answer, replies[i].text, __FILE__, __LINE__);
	// A slash may be written as an escape.
	seal_json(msg, json, passphrase);
	strcpy(body, "{\"msg\":\"");
	for (const char *p = msg; *p; p++)
		snprintf(body + strlen(body), 8, *p == '/' ? "\\/" : *p == '+' ? "\\u002b" : "%c", *p);
	strcat(body, "\"}");
	CHECK(reads(http(body), &next) == RESYNC_TOLD && next == 121);
}

// One character of the envelope is another: no such answer passes.
static void test_every_character(void)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
	char *text = answers("{\"SEQN\":121,\"nonce\":\"" NONCE "\"}", passphrase), *end = strrchr(text, '"');
	uint64_t next;

	CHECK(reads(text, &next) == RESYNC_TOLD);
	for (char *p = strchr(text, '{') + 8; p < end; p++) {
		char was = *p;
		for (const char *c = alphabet; *c; c++) {
			*p = *c;
			CHECK((reads(text, &next) == RESYNC_TOLD) == (*c == was));
		}
		*p = was;
	}
}

static void test_open_fuzz(void)
{
	char good[512];
	size_t n = seal_json(good, "{\"SEQN\":121,\"nonce\":\"" NONCE "\"}", passphrase);

	for (unsigned i = 0; i < 100000; i++) {
		size_t cut = check_random() % 4 ? n : check_random() % (n + 1);
		uint8_t *p = malloc(cut ? cut : 1);
		bool bent = false;
		memcpy(p, good, cut);
		for (unsigned times = check_random() % 3; times > 0 && cut > 0; times--)
			p[check_random() % cut] = (uint8_t)check_random();
		bent = cut < n || memcmp(p, good, n) != 0;
		CHECK((envelope_open(p, cut, passphrase) >= 0) == !bent);
		free(p);
	}
}

static void boot(void)
{
	fake_reset();
	control_boot();
	fake_ask("2 link virtual");
	fake_ask("3 server 127.0.0.1 80");
}

#define SAID(text) check_(strstr(fake_said, text) != NULL, fake_said, __FILE__, __LINE__)

// The RNG says the same after each boot; the number that is spent does not.
static void test_nonces(void)
{
	struct fake_net silent = {NET_OPEN, "", 0, NET_ENDED};
	char nonces[8][NONCE_TEXT];

	nor_blank();
	fake_reset();
	control_boot();
	fake_ask("1 provision 31 70 7");
	for (unsigned i = 0; i < 8; i++) {
		boot();
		fake_random = 0;
		for (int j = 0; j < 4; j++)
			fake_plan(silent);
		fake_forget();
		fake_ask("4 resync");
		SAID("\"error\":\"no-answer\"");
		memcpy(nonces[i], strstr(fake_sent, "nonce=") + 6, NONCE_TEXT);
		CHECK(strncmp(fake_sent, "GET /sqn/1?nonce=", 17) == 0);
		for (unsigned j = 0; j < i; j++)
			CHECK(memcmp(nonces[i], nonces[j], NONCE_TEXT) != 0);
	}
	fake_ask("5 seqn");
	SAID("\"next\":15}"); // one number a question, however often it was asked
}

void test_resync(void)
{
	test_texts();
	test_replies();
	test_every_character();
	test_open_fuzz();
	test_nonces();
}
