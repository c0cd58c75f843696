#include "control.h"

#include "answer.h"
#include "argument.h"
#include "bytes.h"
#include "carrier.h"
#include "faults.h"
#include "hal.h"
#include "hello.h"
#include "md5.h"
#include "probe.h"
#include "record.h"
#include "resync.h"
#include "salt.h"
#include "text.h"

static struct store store;
static struct server server; // in memory only, as is the carrier
static carrier *carry;

// question is what the device does not know of its last message, until it is told.
static struct {
	bool open;
	uint64_t seqn;
} question;

static bool provisioned(struct command *c)
{
	if (store.state == STORE_OK)
		return true;
	answer_error(c->id, "not-provisioned", "no whole provisioning with its SEQN in flash");
	return false;
}

// stored answers what did not work, if anything.
static bool stored(struct command *c, enum store_result result)
{
	if (result == STORE_EXHAUSTED)
		answer_error(c->id, "exhausted", "no SEQN is left under this passphrase");
	else if (result == STORE_FLASH)
		answer_error(c->id, "flash", "a record did not read back as written");
	return result == STORE_DONE;
}

static void hello(struct command *c)
{
	if (!argument_bytes(c, 0, LIMIT_NONCE))
		return;
	answer_ok(c->id);
	hello_write(&store, c->arg[0]);
	record_close();
}

static void say_next(struct command *c)
{
	answer_ok(c->id);
	record_number("next", store.log.next);
	record_close();
}

static void provision(struct command *c)
{
	uint64_t next;

	if (!argument_bytes(c, 0, LIMIT_ID) || !argument_bytes(c, 1, LIMIT_PASS) || !argument_number(c, 2, SEQN_MAX + 1, &next))
		return;
	if (c->arg[0].n == 0) {
		answer_error(c->id, "bad-args", "the device id is empty");
		return;
	}
	if (PLANTED(FAULT_PASSPHRASE_ECHO)) {
		log_text("passphrase is now ");
		for (size_t i = 0; i < c->arg[1].n; i++)
			hal_console_write(c->arg[1].at[i]);
		log_text("\n");
	}
	question.open = false;
	if (stored(c, store_provision(&store, c->arg[0], c->arg[1], next)))
		say_next(c);
}

static void set_server(struct command *c)
{
	struct server s;
	uint64_t port;

	if (!argument_number(c, 1, 65535, &port))
		return;
	if (!parse_ipv4(c->arg[0].at, c->arg[0].n, &s.ipv4) || port == 0) {
		answer_error(c->id, "bad-args", "a server is an IPv4 address and a port");
		return;
	}
	s.port = (uint16_t)port;
	server = s;
	answer_ok(c->id);
	record_close();
}

static void set_link(struct command *c)
{
	bool net = word_is(c->arg[0], "virtual");

	if (!net && !word_is(c->arg[0], "serial")) {
		answer_error(c->id, "bad-args", "a link is virtual or serial");
		return;
	}
	if (net && !hal_net_present()) {
		answer_error(c->id, "no-link", "this board has no virtual network");
		return;
	}
	carry = net ? carry_net : carry_host;
	answer_ok(c->id);
	record_string("link", net ? "virtual" : "serial");
	record_close();
}

static void make_noise(uint8_t noise[8])
{
	store_le32(noise, hal_random());
	store_le32(noise + 4, hal_random());
}

// online answers what is missing before anything can be sent, if anything.
static bool online(struct command *c)
{
	if (!provisioned(c))
		return false;
	if (carry && server.port != 0)
		return true;
	answer_error(c->id, carry ? "no-server" : "no-link", "say link and server first, after each reset");
	return false;
}

// The message in flight, and what the answer tells of it.
static struct {
	uint64_t seqn;
	struct bytes data;
	uint8_t salt[SALT_SIZE], sum[MD5_SIZE];
} message;

// compose seals the message and returns the request that carries it.
static struct bytes compose(void)
{
	static uint8_t msg[ENVELOPE_MSG], request[REQUEST_SIZE];
	struct bytes text = {msg, 0};
	uint8_t noise[8];
	struct md5 md5;

	make_noise(noise);
	salt_make(store_passphrase(&store), message.seqn, noise, message.salt);
	text.n = envelope_seal(msg, store_passphrase(&store), message.salt, message.seqn, message.data);
	md5_init(&md5);
	md5_add(&md5, text.at, text.n);
	md5_sum(&md5, message.sum);
	return (struct bytes){request, request_write(request, server, store_id(&store), text)};
}

struct bytes anew(void)
{
	if (PLANTED(FAULT_RESEND_NEW_SEQN) && store_skip(&store, 1) == STORE_DONE)
		message.seqn++;
	return compose();
}

// keep saves a reading from the next line that the host says.
static struct bytes keep(struct bytes data)
{
	static uint8_t kept[LIMIT_DATA];

	memcpy(kept, data.at, data.n);
	return (struct bytes){kept, data.n};
}

static void send(struct command *c)
{
	struct delivery d;

	if (!argument_reading(c, 0) || !online(c))
		return;
	if (PLANTED(FAULT_NULL_LOAD) && c->arg[0].n > 256)
		fault_load(NULL);
	if (PLANTED(FAULT_WATCHDOG_LOOP) && c->arg[0].n > 256) {
		hal_watchdog();
		for (;;)
			;
	}
	message.seqn = store.log.next;
	message.data = c->arg[0];
	if (PLANTED(FAULT_RESEND_NEW_SEQN) || PLANTED(FAULT_RESEND_RESEALED))
		message.data = keep(message.data);
	// The number is spent before anything that carries it can leave.
	if (!PLANTED(FAULT_RECORD_AFTER_SEND) && !stored(c, store_skip(&store, 1)))
		return;
	d = deliver(carry, server, compose());
	question.open = d.outcome == OUTCOME_PRESUMED || d.outcome == OUTCOME_UNKNOWN;
	question.seqn = message.seqn;
	if (PLANTED(FAULT_RECORD_AFTER_SEND) && !stored(c, store_skip(&store, 1)))
		return;
	answer_ok(c->id);
	record_number("seqn", message.seqn);
	record_string("outcome", outcome_name(d.outcome));
	record_number("attempts", d.attempts);
	record_number("http", d.http);
	record_hex("salt", (struct bytes){message.salt, SALT_SIZE});
	record_hex("md5", (struct bytes){message.sum, MD5_SIZE});
	record_close();
}

static void make_nonce(uint64_t seqn, char text[NONCE_TEXT + 1])
{
	uint8_t noise[8], nonce[NONCE_SIZE];

	make_noise(noise);
	nonce_make(store_passphrase(&store), seqn, noise, nonce);
	for (int i = 0; i < NONCE_TEXT; i++)
		text[i] = hex_digit(i % 2 ? nonce[i / 2] : nonce[i / 2] >> 4);
	text[NONCE_TEXT] = 0;
}

// goes_on makes the device's next SEQN what it was told, or leaves it higher.
static bool goes_on(struct command *c, uint64_t told)
{
	if (PLANTED(FAULT_RESYNC_LOWERS) && told < store.log.next)
		return stored(c, seqlog_append(&store.log, store.log.generation, told) ? STORE_DONE : STORE_FLASH);
	return told <= store.log.next || stored(c, store_skip(&store, told - store.log.next));
}

static void say_told(struct command *c, uint64_t told, unsigned attempts)
{
	answer_ok(c->id);
	record_number("next", store.log.next);
	record_number("told", told);
	record_number("attempts", attempts);
	if (question.open) {
		record_object("settled");
		record_number("seqn", question.seqn);
		record_bool("stored", told > question.seqn || (PLANTED(FAULT_SETTLES_BY_EQUAL) && told == question.seqn));
		record_end();
	} else {
		record_null("settled");
	}
	record_close();
	question.open = false;
}

static void resync(struct command *c)
{
	static uint8_t request[REQUEST_HEAD];
	static struct reply reply;
	struct bytes all = {request, 0};
	char nonce[NONCE_TEXT + 1];
	uint64_t seqn = store.log.next, told;
	struct exchange x;

	// The number that makes the nonce new is spent before the nonce is seen.
	if (!online(c) || !stored(c, store_skip(&store, PLANTED(FAULT_RESYNC_NONCE_AGAIN) ? 0 : 1)))
		return;
	make_nonce(seqn, nonce);
	all.n = request_next(request, server, store_id(&store), nonce);
	x = converse(carry, server, all, &reply);
	if (!x.replied) {
		answer_error(c->id, "no-answer", "no attempt was answered");
		return;
	}
	switch (resync_read(&reply, store_passphrase(&store), nonce, &told)) {
	case RESYNC_NONE:
		answer_error(c->id, "no-resync", "the reply has no envelope: the backend does not know this device, or no resync");
		return;
	case RESYNC_SEALED:
		answer_error(c->id, "bad-answer", "the envelope does not open under the passphrase");
		return;
	case RESYNC_FOREIGN:
		answer_error(c->id, "bad-answer", "the envelope is no answer to the nonce that was asked with");
		return;
	case RESYNC_TOLD:
		if (goes_on(c, told))
			say_told(c, told, x.attempts);
	}
}

// reply belongs to a request; with none waiting it is late, and has no answer.
static void reply(struct command *c)
{
	(void)c;
	log_text("a reply came that nothing waits for\n");
}

static void seqn(struct command *c)
{
	uint64_t n = 0;

	if (c->args == 1) {
		if (c->arg[0].n == 0 || c->arg[0].at[0] != '+') {
			answer_error(c->id, "bad-args", "seqn takes nothing, or +N");
			return;
		}
		c->arg[0].at++;
		c->arg[0].n--;
		if (!argument_number(c, 0, SEQN_MAX + 1, &n))
			return;
	}
	if (provisioned(c) && stored(c, store_skip(&store, n)))
		say_next(c);
}

static void reset(struct command *c)
{
	answer_ok(c->id);
	record_close();
	hal_console_drain();
	hal_reset();
}

static const struct verb {
	const char *name;
	unsigned least, most; // arguments
	void (*run)(struct command *c);
} verbs[] = {
	{"hello", 1, 1, hello},
	{"provision", 3, 3, provision},
	{"server", 2, 2, set_server},
	{"link", 1, 1, set_link},
	{"send", 1, 1, send},
	{"resync", 0, 0, resync},
	{"reply", 1, 2, reply},
	{"seqn", 0, 1, seqn},
	{"seal", 4, 4, probe_seal},
	{"derive", 2, 2, probe_derive},
	{"digest", 1, 1, probe_digest},
	{"bench", 1, 1, probe_bench},
	{"reset", 0, 0, reset},
};

void control_boot(void)
{
	store_boot(&store);
	server = (struct server){0};
	carry = NULL;
	question.open = false;
	record_open();
	hello_write(&store, (struct bytes){0});
	record_close();
}

void control_line(const struct line *line)
{
	struct command c;
	bool parsed;

	if (line->n == 0)
		return;
	parsed = command_parse(&c, line);
	if (line->too_long) {
		answer_error(c.id, "too-long", "the line exceeds the limit that hello states");
		return;
	}
	for (size_t i = 0; parsed && i < sizeof verbs / sizeof verbs[0]; i++) {
		if (!word_is(c.verb, verbs[i].name))
			continue;
		if (c.args < verbs[i].least || c.args > verbs[i].most)
			answer_error(c.id, "bad-args", "wrong number of arguments for that verb");
		else
			verbs[i].run(&c);
		return;
	}
	answer_error(c.id, "bad-command", parsed ? "no such verb" : "a line is: id verb arguments");
}
