// Power cuts: in every pulse of every operation, then again at random, under
// which numbers must only rise and identities be old or new.

#include <string.h>

#include "check.h"
#include "flashmap.h"
#include "hal.h"
#include "nor.h"
#include "store.h"
#include "tests.h"

// What a host would know of the device, kept outside of it.
static struct {
	const char *pass, *wanted; // the latter while provisioning
	uint64_t spent;            // lowest number that may still be sent
	uint64_t baseline;         // next after the provisioning under way
	unsigned resets;           // since the last send
	bool provisioned;
} known;

static struct store s;

static struct bytes text(const char *t)
{
	return (struct bytes){(const uint8_t *)t, strlen(t)};
}

static bool has(const char *pass)
{
	return store_passphrase(&s).n == strlen(pass) && memcmp(store_passphrase(&s).at, pass, strlen(pass)) == 0;
}

static void take(void)
{
	uint64_t seqn = s.log.next;

	if (s.state != STORE_OK || store_skip(&s, 1) != STORE_DONE)
		return;
	// The message leaves here.
	CHECK(seqn >= known.spent);
	CHECK(seqn <= known.spent + known.resets);
	known.spent = seqn + 1;
	known.resets = 0;
}

static void provision(const char *pass, uint64_t next)
{
	bool same = known.provisioned && strcmp(pass, known.pass) == 0;

	known.wanted = pass;
	known.baseline = same && known.spent > next ? known.spent : next;
	if (store_provision(&s, text(pass), text(pass), next) != STORE_DONE)
		return;
	known.pass = pass;
	known.wanted = NULL;
	known.spent = s.log.next;
	known.resets = 0;
	known.provisioned = true;
	CHECK(known.spent >= known.baseline && known.spent <= known.baseline + 1);
}

// settle finds out which of the two a cut provisioning came to.
static void settle(void)
{
	if (known.provisioned)
		CHECK(s.state == STORE_OK);
	if (s.state != STORE_OK)
		return;
	CHECK(memcmp(s.who.id, s.who.pass, s.who.id_len) == 0 && s.who.id_len == s.who.pass_len);
	if (known.wanted && has(known.wanted) && (!known.provisioned || s.log.next >= known.baseline)) {
		known.pass = known.wanted;
		known.spent = known.baseline;
		known.provisioned = true;
	}
	known.wanted = NULL;
	CHECK(has(known.pass));
	CHECK(s.log.next >= known.spent);
	CHECK(s.log.next <= known.spent + known.resets);
}

static void script(unsigned which)
{
	switch (which) {
	case 0:
		take();
		take();
		break;
	case 1:
		provision("alpha", known.spent + 3);
		take();
		break;
	case 2:
		provision("beta-beta", 40);
		take();
		break;
	default: // across a change of sectors
		for (int i = 0; i < 260; i++)
			take();
	}
}

// attempt runs boot and script, with power failing in some pulse; false if the
// script ended before.
static bool attempt(unsigned which, unsigned pulse)
{
	nor_cut(pulse);
	if (setjmp(nor_power) == 0) {
		store_boot(&s);
		settle();
		script(which);
		nor_cut(0);
		return false;
	}
	known.resets++;
	return true;
}

// start is an earlier life: some sends, so that both sectors are in use.
static void start(unsigned sends)
{
	nor_blank();
	memset(&known, 0, sizeof known);
	store_boot(&s);
	provision("alpha", 10);
	for (unsigned i = 0; i < sends; i++)
		take();
}

static void test_each_pulse(void)
{
	static const unsigned lives[] = {0, 1, 253, 254, 255, 256, 511};

	for (unsigned which = 0; which < 3; which++)
		for (unsigned life = 0; life < sizeof lives / sizeof lives[0]; life++)
			for (unsigned pulse = 1;; pulse++) {
				start(lives[life]);
				if (!attempt(which, pulse))
					break;
				CHECK(!attempt(0, 0));
				CHECK(!attempt(1, 0));
			}
}

// Nothing but cuts, one after the other, in boot, in sends, in provisioning.
static void test_many_cuts(void)
{
	for (unsigned life = 0; life < 150; life++) {
		start(check_random() % 300);
		for (unsigned cut = 0; cut < 40; cut++) {
			unsigned which = check_random() % 4;
			attempt(which, 1 + check_random() % (which == 3 ? 5000 : 500));
		}
		CHECK(!attempt(0, 0));
	}
}

// first_cut is a first provisioning in which power fails.
static void first_cut(unsigned pulse)
{
	nor_blank();
	memset(&known, 0, sizeof known);
	nor_cut(pulse);
	if (setjmp(nor_power) == 0) {
		store_boot(&s);
		provision("alpha", 10);
	} else {
		known.resets++;
	}
	nor_cut(0);
}

// The very first provisioning: nothing, or all of it.
static void test_first(void)
{
	for (unsigned pulse = 1; pulse < 450; pulse++) {
		first_cut(pulse);
		store_boot(&s);
		settle();
		provision("beta", 3);
		CHECK(s.state == STORE_OK && has("beta") && s.log.next == 3);
	}
}

// A record of another generation that was cut in its first pulse may read as
// blank, and what is written over it would not hold.
static void test_weak_slot(void)
{
	for (unsigned i = 0; i < 500; i++) {
		start(1);
		nor.weak[FLASH_SEQLOG + s.log.sector * FLASH_SECTOR + s.log.slot * SEQLOG_RECORD] = 1;
		for (unsigned boots = 0; boots < 4; boots++) {
			known.resets++;
			store_boot(&s);
			settle();
			take();
		}
	}
}

// begun has the power fail as the first record after a boot has hardly begun:
// of a send, or of a provisioning. What is written before it may be in its place.
static void begun(bool provisioning)
{
	nor_cut_softly(check_random() % 2 ? 1 : 1 + SEQLOG_RECORD);
	if (setjmp(nor_power) == 0) {
		store_boot(&s);
		settle();
		if (provisioning)
			provision("beta-beta", 40);
		else
			take();
	}
	nor_cut(0);
	known.resets++;
}

// Two records in a row that had hardly begun, the second of another generation,
// may both read as blank: then not only the slot that is passed over is weak.
static void test_weak_slots(void)
{
	for (unsigned i = 0; i < 1000; i++) {
		start(1);
		begun(false);
		begun(true);
		for (unsigned boots = 0; boots < 4; boots++) {
			known.resets++;
			store_boot(&s);
			settle();
			take();
		}
	}
}

// A copy that was cut in its last pulse may read well until the other one, the
// only one that holds, is being rewritten.
static void test_weak_copy(void)
{
	enum { LAST = 2 * SEQLOG_RECORD + NOR_ERASE_PULSES + 176 };

	for (unsigned i = 0; i < 2000; i++) {
		start(0);
		nor_cut(LAST - check_random() % 4);
		if (setjmp(nor_power) == 0)
			provision("beta-beta", 40);
		known.resets++;
		attempt(0, 1 + check_random() % 400);
		CHECK(!attempt(0, 0));
	}
}

// What clears weak bits costs one record after a boot, and nothing else.
static void test_wear(void)
{
	enum { COPY = NOR_ERASE_PULSES + 176 };

	start(0);
	CHECK(nor_pulses == NOR_ERASE_PULSES + SEQLOG_RECORD + 2 * COPY);
	for (unsigned i = 0; i < 3; i++) {
		nor_pulses = 0;
		take();
		CHECK(nor_pulses == (i == 0 ? 2 : 1) * SEQLOG_RECORD);
	}
}

void test_power(void)
{
	test_wear();
	test_each_pulse();
	test_many_cuts();
	test_first();
	test_weak_slot();
	test_weak_slots();
	test_weak_copy();
}
