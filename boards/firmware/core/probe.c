#include "probe.h"

#include "answer.h"
#include "argument.h"
#include "faults.h"
#include "hal.h"
#include "image.h"
#include "record.h"

static uint8_t msg[ENVELOPE_MSG];

void probe_seal(struct command *c)
{
	struct bytes text = {msg, 0};
	uint64_t seqn;

	if (!argument_bytes(c, 0, LIMIT_PASS) || !argument_salt(c, 1) || !argument_number(c, 2, SEQN_MAX, &seqn) || !argument_reading(c, 3))
		return;
	text.n = envelope_seal(msg, c->arg[0], c->arg[1].at, seqn, c->arg[3]);
	answer_ok(c->id);
	record_text("msg", text);
	record_close();
	if (PLANTED(FAULT_LATE_CRASH) && c->arg[3].n == 4 && c->arg[3].at[0] == 'n') {
		hal_console_drain();
		fault_load(NULL);
	}
}

void probe_derive(struct command *c)
{
	uint8_t key[AES_KEY], iv[AES_BLOCK];

	if (!argument_bytes(c, 0, LIMIT_PASS) || !argument_salt(c, 1))
		return;
	envelope_derive(c->arg[0], c->arg[1].at, key, iv);
	answer_ok(c->id);
	record_hex("key", (struct bytes){key, sizeof key});
	record_hex("iv", (struct bytes){iv, sizeof iv});
	record_close();
}

void probe_digest(struct command *c)
{
	uint8_t sum[MD5_SIZE];
	uint32_t size;

	if (!argument_bytes(c, 0, LIMIT_NONCE))
		return;
	size = image_digest(c->arg[0], sum);
	answer_ok(c->id);
	record_hex("md5", (struct bytes){sum, sizeof sum});
	record_number("size", size);
	record_close();
}

void probe_bench(struct command *c)
{
	static const char passphrase[] = "bench", data[] = "{\"value\":300}";
	static const uint8_t salt[SALT_SIZE];
	uint64_t n, cycles = 0;

	if (!argument_number(c, 0, 100000, &n))
		return;
	for (uint64_t i = 0; i < n; i++) {
		uint32_t start = hal_cycles();
		envelope_seal(msg, (struct bytes){(const uint8_t *)passphrase, sizeof passphrase - 1}, salt, i,
			      (struct bytes){(const uint8_t *)data, sizeof data - 1});
		cycles += hal_cycles() - start;
	}
	answer_ok(c->id);
	record_number("n", n);
	record_number("cycles", cycles);
	record_close();
}
