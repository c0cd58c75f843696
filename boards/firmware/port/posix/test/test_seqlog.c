#include "seqlog.h"

#include <string.h>

#include "check.h"
#include "flashmap.h"
#include "hal.h"
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
	// 100,000 erases of each sector must last for 5·10^7 sends: so much by
	// arithmetic, and so few erases when counted.
	CHECK(UINT64_C(100000) * SEQLOG_SECTORS * SEQLOG_SLOTS >= 50000000);
	CHECK(nor_erases * SEQLOG_SLOTS <= SENDS + SEQLOG_SLOTS);
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
	static uint8_t before[FLASH_SECTOR];
	struct seqlog log;
	uint64_t next = 0;

	nor_blank();
	log = load(1);
	nor_stick(FLASH_SEQLOG); // the log begins in the other one
	while (seqlog_append(&log, 1, next + 1))
		next++;
	CHECK_NUMBER(next, SEQLOG_SLOTS);
	memcpy(before, nor.byte + FLASH_SEQLOG + FLASH_SECTOR, FLASH_SECTOR);
	for (int again = 0; again < 3; again++)
		CHECK(!seqlog_append(&log, 1, next + 1));
	CHECK(memcmp(before, nor.byte + FLASH_SEQLOG + FLASH_SECTOR, FLASH_SECTOR) == 0);
	CHECK_NUMBER(load(1).next, next);
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
