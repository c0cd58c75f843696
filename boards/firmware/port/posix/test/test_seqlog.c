#include "seqlog.h"

#include <string.h>

#include "check.h"
#include "flashmap.h"
#include "limits.h"
#include "nor.h"
#include "tests.h"

static struct seqlog load(uint32_t generation)
{
	struct seqlog log;

	CHECK(seqlog_load(&log, generation));
	return log;
}

static void test_wear(void)
{
	enum { SENDS = 100000 };
	struct seqlog log = load(1);

	for (uint64_t next = 1; next <= SENDS; next++)
		CHECK(seqlog_append(&log, 1, next));
	CHECK_NUMBER(load(1).next, SENDS);
	// 5·10^7 sends at 100,000 erases of each of the two sectors: at least
	// 250 sends for each erase.
	CHECK(nor_erases <= SENDS / 250);
}

static void test_generations(void)
{
	struct seqlog log;

	nor_blank();
	log = load(1);
	CHECK(log.blank && !log.found);
	CHECK(seqlog_append(&log, 1, 100));
	CHECK(log.found);
	CHECK(seqlog_append(&log, 2, 5)); // prepared, not in force
	CHECK_NUMBER(log.next, 100);
	CHECK_NUMBER(log.newest, 2);
	CHECK(seqlog_append(&log, 1, 101));
	CHECK_NUMBER(load(1).next, 101);
	CHECK_NUMBER(load(2).next, 5);
	CHECK(!load(3).found);
	CHECK_NUMBER(load(3).newest, 2);
}

// Within a generation the last record counts, not the highest: what a power
// cut left of an earlier one must not come to life.
static void test_last_counts(void)
{
	struct seqlog log;

	nor_blank();
	log = load(1);
	CHECK(seqlog_append(&log, 1, 900));
	CHECK(seqlog_append(&log, 1, 5));
	CHECK_NUMBER(load(1).next, 5);
}

// Records of one bit too few or too many do not count.
static void test_flipped(void)
{
	for (unsigned bit = 0; bit < 8 * SEQLOG_RECORD; bit++) {
		struct seqlog log;
		nor_blank();
		log = load(1);
		CHECK(seqlog_append(&log, 1, 7));
		CHECK(seqlog_append(&log, 1, 8));
		nor.byte[FLASH_SEQLOG + 4096 + SEQLOG_RECORD + bit / 8] ^= (uint8_t)(1 << bit % 8);
		CHECK_NUMBER(load(1).next, 7);
	}
}

// A sector that no longer takes records is left; while the other is the only
// one that knows the number, it is never erased.
static void test_bad_sector(void)
{
	for (uint32_t bad = 0; bad < 2; bad++) {
		struct seqlog log;
		uint64_t next = 0;
		nor_blank();
		log = load(1);
		nor_stick(FLASH_SEQLOG + 4096 * bad);
		while (next < 1000 && seqlog_append(&log, 1, next + 1))
			next++;
		CHECK_NUMBER(load(1).next, next);
		CHECK(next >= 256 || bad == 1);
		CHECK(!load(1).found == (next == 0));
	}
}

void test_seqlog(void)
{
	nor_blank();
	test_wear();
	test_generations();
	test_last_counts();
	test_flipped();
	test_bad_sector();
}
