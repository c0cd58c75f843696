#include "store.h"

#include <string.h>

#include "check.h"
#include "flashmap.h"
#include "nor.h"
#include "tests.h"

static struct bytes text(const char *s)
{
	return (struct bytes){(const uint8_t *)s, strlen(s)};
}

static struct store boot(void)
{
	struct store s;

	store_boot(&s);
	return s;
}

static bool is(const struct store *s, const char *id, const char *pass, uint64_t next)
{
	struct bytes i = store_id(s), p = store_passphrase(s);

	return s->state == STORE_OK && s->log.next == next && i.n == strlen(id) && memcmp(i.at, id, i.n) == 0 &&
	       p.n == strlen(pass) && memcmp(p.at, pass, p.n) == 0;
}

static void test_next(void)
{
	struct store s;

	nor_blank();
	s = boot();
	CHECK(s.state == STORE_EMPTY);
	CHECK(store_provision(&s, text("12FA"), text("secret"), 10) == STORE_DONE);
	CHECK(is(&s, "12FA", "secret", 10));
	CHECK(store_skip(&s, 1) == STORE_DONE);
	s = boot();
	CHECK(is(&s, "12FA", "secret", 11));
	// The same passphrase: raised, never lowered, whoever the device is.
	CHECK(store_provision(&s, text("12FA"), text("secret"), 5) == STORE_DONE && is(&s, "12FA", "secret", 11));
	CHECK(store_provision(&s, text("12FA"), text("secret"), 50) == STORE_DONE && is(&s, "12FA", "secret", 50));
	CHECK(store_provision(&s, text("34"), text("secret"), 0) == STORE_DONE && is(&s, "34", "secret", 50));
	// Another one, even if only its length differs: from where it is told.
	CHECK(store_provision(&s, text("34"), text("secre"), 3) == STORE_DONE && is(&s, "34", "secre", 3));
	CHECK(store_provision(&s, text("34"), text(""), 2) == STORE_DONE && is(&s, "34", "", 2));
	s = boot();
	CHECK(is(&s, "34", "", 2));
}

static void test_exhausted(void)
{
	struct store s = boot();

	CHECK(store_provision(&s, text("1"), text("p"), SEQN_MAX) == STORE_DONE);
	CHECK(store_skip(&s, 2) == STORE_EXHAUSTED);
	CHECK(store_skip(&s, UINT64_MAX) == STORE_EXHAUSTED);
	CHECK(store_skip(&s, 1) == STORE_DONE);
	CHECK(store_skip(&s, 1) == STORE_EXHAUSTED);
	CHECK(store_skip(&s, 0) == STORE_DONE);
	s = boot();
	CHECK(is(&s, "1", "p", SEQN_MAX + 1));
}

// With the log gone the number is unknown, and the device says so rather than
// send one again.
static void test_lost(void)
{
	struct store s;

	nor_blank();
	s = boot();
	CHECK(store_provision(&s, text("1"), text("p"), 9) == STORE_DONE);
	memset(nor.byte + FLASH_SEQLOG, 0xff, 8192);
	CHECK(boot().state == STORE_DAMAGED);
	s = boot();
	CHECK(store_provision(&s, text("1"), text("p"), 9) == STORE_DONE && is(&s, "1", "p", 9));
	memset(nor.byte + FLASH_PROVISION, 0, 8192);
	CHECK(boot().state == STORE_DAMAGED);
	memset(nor.byte + FLASH_PROVISION, 0xff, 8192);
	CHECK(boot().state == STORE_DAMAGED);
}

// One copy may go bad in any bit without a loss.
static void test_copies(void)
{
	for (unsigned i = 0; i < 500; i++) {
		struct store s;
		nor_blank();
		s = boot();
		CHECK(store_provision(&s, text("old"), text("old"), 1) == STORE_DONE);
		CHECK(store_provision(&s, text("new"), text("new"), 2) == STORE_DONE);
		nor.byte[FLASH_PROVISION + i % 2 * 4096 + check_random() % 176] ^= (uint8_t)(1 << check_random() % 8);
		s = boot();
		CHECK(is(&s, "new", "new", 2));
	}
}

void test_provision(void)
{
	test_next();
	test_exhausted();
	test_lost();
	test_copies();
}
