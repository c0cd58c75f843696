// Flash through the ROM's functions. They take aligned words in data memory, so
// everything passes through one buffer.

#include "hal.h"

enum { PAGE = 256 };

extern int SPIRead(uint32_t address, uint32_t *to, uint32_t n);
extern int SPIWrite(uint32_t address, const uint32_t *from, uint32_t n);
extern int SPIEraseSector(uint32_t sector);

static uint32_t words[PAGE / 4];

bool hal_flash_read(uint32_t address, void *to, size_t n)
{
	uint8_t *p = to;

	while (n > 0) {
		uint32_t part = n < PAGE ? n : PAGE;
		if (SPIRead(address, words, part) != 0)
			return false;
		memcpy(p, words, part);
		address += part, p += part, n -= part;
	}
	return true;
}

bool hal_flash_program(uint32_t address, const void *from, size_t n)
{
	const uint8_t *p = from;

	while (n > 0) {
		uint32_t part = n < PAGE ? n : PAGE;
		memcpy(words, p, part);
		if (SPIWrite(address, words, part) != 0)
			return false;
		address += part, p += part, n -= part;
	}
	return true;
}

bool hal_flash_erase(uint32_t address)
{
	return SPIEraseSector(address / FLASH_SECTOR) == 0;
}
