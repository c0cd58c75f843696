#include "seqlog.h"

#include "bytes.h"
#include "crc32.h"
#include "faults.h"
#include "flashmap.h"
#include "hal.h"

static uint32_t address(unsigned sector, unsigned slot)
{
	return FLASH_SEQLOG + sector * FLASH_SECTOR + slot * SEQLOG_RECORD;
}

static void encode(uint8_t r[SEQLOG_RECORD], uint32_t generation, uint64_t next)
{
	store_le32(r, generation);
	store_le64(r + 4, next);
	store_le32(r + 12, crc32(r, 12));
}

static bool whole(const uint8_t r[SEQLOG_RECORD])
{
	return PLANTED(FAULT_TORN_RECORD) || load_le32(r + 12) == crc32(r, 12);
}

static bool blank(const uint8_t r[SEQLOG_RECORD])
{
	for (int i = 0; i < SEQLOG_RECORD; i++)
		if (r[i] != 0xff)
			return false;
	return true;
}

// scan reads one sector's records in the order in which they were written.
static bool scan(struct seqlog *log, unsigned sector)
{
	uint8_t page[256];
	unsigned used = 0, doubt = 0;
	bool found = false;
	uint64_t next = 0;

	for (unsigned slot = 0; slot < SEQLOG_SLOTS; slot++) {
		const uint8_t *r = page + slot * SEQLOG_RECORD % sizeof page;
		if (r == page && !hal_flash_read(address(sector, slot), page, sizeof page))
			return false;
		if (blank(r))
			continue;
		used = slot + 1;
		if (!whole(r))
			continue;
		doubt = used;
		if (load_le32(r) > log->newest)
			log->newest = load_le32(r);
		if (load_le32(r) != log->generation || (PLANTED(FAULT_SEQN_RESET_ON_BOOT) && (found || log->found)))
			continue;
		found = true;
		next = load_le64(r + 4);
	}
	if (used > 0)
		log->blank = false;
	if (found && (!log->found || next > log->next)) {
		log->found = true;
		log->next = next;
		log->home = log->sector = sector;
		log->slot = used + 1;
		log->doubt = doubt;
	}
	return true;
}

bool seqlog_load(struct seqlog *log, uint32_t generation)
{
	*log = (struct seqlog){.generation = generation, .blank = true, .slot = SEQLOG_SLOTS, .doubt = SEQLOG_SLOTS};
	for (unsigned sector = 0; sector < SEQLOG_SECTORS; sector++)
		if (!scan(log, sector))
			return false;
	return true;
}

static bool write(uint32_t at, const uint8_t r[SEQLOG_RECORD])
{
	uint8_t back[SEQLOG_RECORD];

	return hal_flash_program(at, r, SEQLOG_RECORD) && hal_flash_read(at, back, sizeof back) &&
	       memcmp(r, back, sizeof back) == 0;
}

// settle clears the slots before the next record that may hold weak bits. That
// fits whatever is in them, and fails the CRC.
static void settle(struct seqlog *log)
{
	static const uint8_t cleared[SEQLOG_RECORD];

	for (; log->doubt < log->slot && log->doubt < SEQLOG_SLOTS; log->doubt++)
		write(address(log->sector, log->doubt), cleared);
}

// fill puts the record into the first slot of the sector that takes it, and leaves
// log pointing behind that.
static bool fill(struct seqlog *log, const uint8_t r[SEQLOG_RECORD])
{
	bool written = false;

	while (!written && log->slot < SEQLOG_SLOTS)
		written = write(address(log->sector, log->slot++), r);
	log->doubt = log->slot;
	return written;
}

// place finds a slot for the record.
static bool place(struct seqlog *log, const uint8_t r[SEQLOG_RECORD])
{
	settle(log);
	if (fill(log, r))
		return true;
	// The sector moved to is erased even if it looks blank: an erase that was
	// cut short leaves bits that will not hold.
	log->sector = 1 - log->home;
	if (!hal_flash_erase(address(log->sector, 0)))
		return false;
	log->slot = log->doubt = 0;
	return fill(log, r);
}

bool seqlog_append(struct seqlog *log, uint32_t generation, uint64_t next)
{
	uint8_t r[SEQLOG_RECORD];

	encode(r, generation, next);
	if (!place(log, r))
		return false;
	log->blank = false;
	if (generation > log->newest)
		log->newest = generation;
	if (generation == log->generation) {
		log->found = true;
		log->next = next;
		log->home = log->sector;
	}
	return true;
}
