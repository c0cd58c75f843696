#include "provision.h"

#include "bytes.h"
#include "crc32.h"
#include "faults.h"
#include "flashmap.h"
#include "hal.h"

enum { COPIES = 2, ID_AT = 12, PASS_AT = ID_AT + LIMIT_ID, CRC_AT = PASS_AT + LIMIT_PASS, COPY_SIZE = CRC_AT + 4 };

static uint32_t address(unsigned copy)
{
	return FLASH_PROVISION + copy * FLASH_SECTOR;
}

static void encode(uint8_t c[COPY_SIZE], const struct provision *p)
{
	store_le32(c, PROVISION_MAGIC);
	store_le32(c + 4, p->generation);
	store_le32(c + 8, p->id_len | (uint32_t)p->pass_len << 8);
	memcpy(c + ID_AT, p->id, LIMIT_ID);
	memcpy(c + PASS_AT, p->pass, LIMIT_PASS);
	store_le32(c + CRC_AT, crc32(c, CRC_AT));
}

static bool decode(struct provision *p, const uint8_t c[COPY_SIZE])
{
	if (load_le32(c) != PROVISION_MAGIC || load_le32(c + CRC_AT) != crc32(c, CRC_AT))
		return false;
	p->generation = load_le32(c + 4);
	p->id_len = c[8];
	p->pass_len = c[9];
	memcpy(p->id, c + ID_AT, LIMIT_ID);
	memcpy(p->pass, c + PASS_AT, LIMIT_PASS);
	return p->id_len <= LIMIT_ID && p->pass_len <= LIMIT_PASS;
}

// read_copy returns the generation of a copy, 0 if it is not whole.
static uint32_t read_copy(unsigned copy, uint8_t c[COPY_SIZE], bool *blank)
{
	struct provision p;

	if (!hal_flash_read(address(copy), c, COPY_SIZE)) {
		*blank = false;
		return 0;
	}
	for (int i = 0; i < COPY_SIZE; i++)
		if (c[i] != 0xff)
			*blank = false;
	return decode(&p, c) ? p.generation : 0;
}

static bool program(unsigned copy, const uint8_t c[COPY_SIZE])
{
	uint8_t back[COPY_SIZE];

	return hal_flash_program(address(copy), c, COPY_SIZE) && hal_flash_read(address(copy), back, COPY_SIZE) &&
	       memcmp(c, back, COPY_SIZE) == 0;
}

static bool rewrite(unsigned copy, const uint8_t c[COPY_SIZE])
{
	return hal_flash_erase(address(copy)) && program(copy, c);
}

enum provision_state provision_load(struct provision *p)
{
	uint8_t c[COPIES][COPY_SIZE];
	bool blank = true;
	uint32_t first = read_copy(0, c[0], &blank), second = read_copy(1, c[1], &blank);
	unsigned best = second > first;

	memset(p, 0, sizeof *p);
	if (first == 0 && second == 0)
		return blank ? PROVISION_EMPTY : PROVISION_DAMAGED;
	if (first != second) {
		// The write of the better copy may have been cut in its last
		// pulse, so that it reads well today and not tomorrow: the same
		// bits are programmed once more before the other copy goes.
		if (PLANTED(FAULT_WEAK_COPY) || program(best, c[best]))
			rewrite(1 - best, c[best]);
	}
	decode(p, c[best]);
	return PROVISION_OK;
}

bool provision_save(const struct provision *p)
{
	uint8_t c[COPIES][COPY_SIZE];
	bool blank;
	unsigned best = read_copy(1, c[1], &blank) > read_copy(0, c[0], &blank);

	encode(c[0], p);
	return (!PLANTED(FAULT_TORN_PROVISION) || hal_flash_erase(address(best))) && rewrite(1 - best, c[0]) && rewrite(best, c[0]);
}
