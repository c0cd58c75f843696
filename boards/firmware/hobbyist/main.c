// A greenhouse node as somebody writes it for himself: who it is, its passphrase
// and its server are compiled in, a key makes it send, and what it does it says
// in words. No harness was in the mind of its author; boards/hobbyist.yaml says
// what its words mean.
//
//	greenhouse node 1.3, next SEQN is 121. Keys: s sends, r restarts
//	Sending 121 {"celsius":21.5} ... server says {"status":"OK"} :-)
//	Sending 122 {"celsius":21.7} ... no answer ... server says {"status":"NOT OK"} :-(

#include "carrier.h"
#include "chip.h"
#include "hal.h"
#include "bytes.h"
#include "salt.h"
#include "seqlog.h"
#include "text.h"

#define DEVICE "greenhouse"
#define PASSPHRASE "2B7E151628AED2A6ABF7158809CF4F3C"

enum { SERVER_IPV4 = 0x0a000002, SERVER_PORT = 1880 }; // 10.0.0.2

enum { GENERATION = 1, ATTEMPTS = 4, PAUSE_MS = 100, SHOWN = 60 };

static struct seqlog seqlog;

static void say(const char *text)
{
	for (; *text; text++)
		hal_console_write((uint8_t)*text);
}

static void say_number(uint64_t n)
{
	uint8_t digits[DECIMAL_SIZE];
	size_t length = decimal(digits, n);

	for (size_t i = 0; i < length; i++)
		hal_console_write(digits[i]);
}

// say_body shows what a server said, as far as it is fit to be shown.
static void say_body(const struct reply *reply)
{
	for (size_t i = 0; i < reply->body_len && i < SHOWN; i++)
		hal_console_write(reply->body[i] >= ' ' && reply->body[i] <= '~' ? reply->body[i] : '?');
}

// measure writes what the sensor says, a JSON text of 16 bytes.
static struct bytes measure(void)
{
	static uint8_t text[] = "{\"celsius\":20.0}";
	uint32_t noise = hal_random();

	text[12] = (uint8_t)('0' + noise % 10);
	text[14] = (uint8_t)('0' + noise / 10 % 10);
	return (struct bytes){text, sizeof text - 1};
}

static void wait(uint32_t ms)
{
	uint32_t start = hal_cycles();

	while (hal_cycles() - start < ms * HAL_CYCLES_PER_MS)
		hal_idle(1);
}

static struct bytes seal(uint64_t seqn, struct bytes data)
{
	static uint8_t msg[ENVELOPE_MSG], request[REQUEST_SIZE];
	static const uint8_t passphrase[] = PASSPHRASE, device[] = DEVICE;
	struct bytes pass = {passphrase, sizeof passphrase - 1}, id = {device, sizeof device - 1}, text = {msg, 0};
	uint8_t noise[8], salt[SALT_SIZE];

	store_le32(noise, hal_random());
	store_le32(noise + 4, hal_random());
	salt_make(pass, seqn, noise, salt);
	text.n = envelope_seal(msg, pass, salt, seqn, data);
	return (struct bytes){request, request_write(request, (struct server){SERVER_IPV4, SERVER_PORT}, id, text)};
}

static void post(struct bytes request)
{
	static struct reply reply;

	for (int i = 0; i < ATTEMPTS; i++) {
		wait(i > 0 ? PAUSE_MS : 0);
		reply_init(&reply);
		if (carry_net((struct server){SERVER_IPV4, SERVER_PORT}, request, &reply) == ATTEMPT_REPLIED) {
			say("server says ");
			say_body(&reply);
			say(reply_accepts(&reply) ? " :-)\n" : " :-(\n");
			return;
		}
		say(i < ATTEMPTS - 1 ? "no answer ... " : "no answer, giving up\n");
	}
}

static void send(void)
{
	uint64_t seqn = seqlog.next;
	struct bytes data;

	if (!hal_net_present()) {
		say("no network here\n");
		return;
	}
	if (seqn > SEQN_MAX || !seqlog_append(&seqlog, GENERATION, seqn + 1)) {
		say(seqn > SEQN_MAX ? "all numbers are used up\n" : "flash is broken\n");
		return;
	}
	data = measure();
	say("Sending ");
	say_number(seqn);
	say(" ");
	for (size_t i = 0; i < data.n; i++)
		hal_console_write(data.at[i]);
	say(" ... ");
	post(seal(seqn, data));
}

_Noreturn void main(void);

_Noreturn void main(void)
{
	chip_start();
	seqlog_load(&seqlog, GENERATION);
	say("\ngreenhouse node 1.3, next SEQN is ");
	say_number(seqlog.next);
	say(". Keys: s sends, r restarts\n");
	for (;;) {
		int key = hal_console_read();
		if (key == 's')
			send();
		else if (key == 'r') {
			say("bye\n");
			hal_console_drain();
			hal_reset();
		} else if (key < 0)
			hal_idle(0);
	}
}
