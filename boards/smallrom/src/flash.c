// The flash, by the controller's own commands.

#include "rom.h"

enum { BUSY = 1, WRITABLE = 2, LOCKED = 0x1c, PAGE = 256, MOST = 32 };

// Until somebody says otherwise, a chip of 4 MiB.
uint32_t flash_chip[6] = {0x1640ef, 4 << 20, BLOCK, SECTOR, PAGE, 0xffff};

static void run(uint32_t command)
{
	SPI_CMD = command;
	while (SPI_CMD != 0)
		;
}

static uint32_t status(void)
{
	run(SPI_READ_STATUS);
	return SPI_STATUS;
}

static void idle(void)
{
	while (status() & BUSY)
		;
}

static void write_enable(void)
{
	idle();
	do
		run(SPI_WRITE_ENABLE);
	while (!(status() & WRITABLE));
}

static bool outside(uint32_t address, uint32_t n)
{
	return address > flash_chip[1] || n > flash_chip[1] - address;
}

uint32_t SPIRead(uint32_t address, uint32_t *to, uint32_t n)
{
	if (outside(address, n))
		return 1;
	idle();
	while (n > 0) {
		uint32_t part = n < MOST ? n : MOST;

		SPI_ADDR = address | part << 24;
		run(SPI_READ);
		for (uint32_t i = 0; i < part; i += 4)
			*to++ = SPI_W[i / 4];
		address += part, n -= part;
	}
	return 0;
}

uint32_t SPIWrite(uint32_t address, const uint32_t *from, uint32_t n)
{
	if (outside(address, n) || n % 4 != 0)
		return 1;
	while (n > 0) {
		uint32_t part = PAGE - address % PAGE; // a command ends with its page

		if (part > MOST)
			part = MOST;
		if (part > n)
			part = n;
		for (uint32_t i = 0; i < part; i += 4)
			SPI_W[i / 4] = *from++;
		write_enable();
		SPI_ADDR = address | part << 24;
		run(SPI_PROGRAM);
		idle();
		address += part, n -= part;
	}
	return 0;
}

static uint32_t erase(uint32_t address, uint32_t command)
{
	if (address >= flash_chip[1])
		return 1;
	write_enable();
	SPI_ADDR = address;
	run(command);
	idle();
	return 0;
}

uint32_t SPIEraseSector(uint32_t sector)
{
	return erase(sector * SECTOR, SPI_ERASE_SECTOR);
}

uint32_t SPIEraseBlock(uint32_t block)
{
	return erase(block * BLOCK, SPI_ERASE_BLOCK);
}

// SPIEraseArea lifts any protection. It has the mistake of every ESP8266, which
// hosts reckon with: what it erases by sectors on the way to a block is not taken
// off the rest.
uint32_t SPIEraseArea(uint32_t address, uint32_t n)
{
	uint32_t sector = address / SECTOR, left = (n + SECTOR - 1) / SECTOR, head = 16 - sector % 16;

	if (outside(address, n) || address % SECTOR != 0)
		return 1;
	SPIUnlock();
	for (head = head < left ? head : left; head > 0; head--)
		if (SPIEraseSector(sector++) != 0)
			return 1;
	for (; left > 16; left -= 16, sector += 16)
		if (SPIEraseBlock(sector / 16) != 0)
			return 1;
	for (; left > 0; left--)
		if (SPIEraseSector(sector++) != 0)
			return 1;
	return 0;
}

static uint32_t protect(uint32_t bits)
{
	write_enable();
	SPI_STATUS = bits;
	run(SPI_WRITE_STATUS);
	idle();
	return 0;
}

uint32_t SPIUnlock(void)
{
	return protect(0);
}

uint32_t SPILock(void)
{
	return protect(LOCKED);
}

void Cache_Read_Disable(void)
{
	CACHE &= ~(1u << 8);
	SPI_CTRL &= ~SPI_CTRL_CACHE;
	CACHE |= 1u << 0;
	while (!(CACHE & 1u << 1))
		;
	CACHE &= ~(1u << 0);
}
