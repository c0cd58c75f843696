#include "nor.h"

#include <string.h>

#include "check.h"
#include "hal.h"

struct nor nor;
jmp_buf nor_power;
unsigned nor_erases, nor_pulses;

static unsigned until_cut;
static bool softly;
static uint32_t stuck = 1; // no address of a sector

void nor_cut(unsigned pulse)
{
	until_cut = pulse;
	softly = false;
}

void nor_cut_softly(unsigned pulse)
{
	until_cut = pulse;
	softly = true;
}

void nor_blank(void)
{
	memset(nor.byte, 0xff, sizeof nor.byte);
	memset(nor.weak, 0, sizeof nor.weak);
	nor_erases = nor_pulses = until_cut = 0;
	stuck = 1;
}

void nor_stick(uint32_t address)
{
	stuck = address;
}

// pulse tells whether this one is cut.
static bool pulse(void)
{
	nor_pulses++;
	return until_cut > 0 && --until_cut == 0;
}

static uint8_t random_byte(void)
{
	return (uint8_t)(check_random() >> 8);
}

bool hal_flash_read(uint32_t address, void *to, size_t n)
{
	uint8_t *p = to;

	if (address + n > NOR_SIZE)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint8_t weak = nor.weak[address + i];
		p[i] = nor.byte[address + i] ^ (weak ? weak & random_byte() : 0);
	}
	return true;
}

static void half_program(uint32_t address, uint8_t byte)
{
	uint8_t clearing = nor.byte[address] & (uint8_t)~byte, done = random_byte();

	if (softly) {
		nor.weak[address] |= (uint8_t)(clearing & -clearing);
		return;
	}
	switch (check_random() % 4) {
	case 0: // not yet, or so it seems
		done = 0;
		break;
	case 1: // all but a last trickle
		done = 0xff;
	}
	nor.byte[address] &= (uint8_t)~(clearing & done);
	nor.weak[address] |= clearing & (check_random() % 2 ? random_byte() : 0xff);
}

bool hal_flash_program(uint32_t address, const void *from, size_t n)
{
	const uint8_t *p = from;

	if (address % 4 != 0 || n % 4 != 0 || address + n > NOR_SIZE)
		return false;
	for (size_t i = 0; i < n; i++) {
		uint32_t at = address + (uint32_t)i;
		if (at / FLASH_SECTOR * FLASH_SECTOR == stuck)
			continue;
		if (pulse()) {
			half_program(at, p[i]);
			longjmp(nor_power, 1);
		}
		nor.byte[at] &= p[i];
		nor.weak[at] &= p[i];
	}
	return true;
}

static void half_erase(uint32_t address, unsigned done)
{
	unsigned weak = check_random() % 3; // none, some, all

	for (uint32_t at = address; at < address + FLASH_SECTOR; at++) {
		uint8_t changed = 0;
		if (done == 0) { // still programming
			changed = random_byte();
			nor.byte[at] &= (uint8_t)~changed;
		} else {
			for (unsigned i = 0; i < done; i++)
				changed |= random_byte() & random_byte();
			nor.byte[at] |= changed;
		}
		nor.weak[at] |= weak == 0 ? 0 : weak == 1 ? changed & random_byte() : changed;
	}
}

bool hal_flash_erase(uint32_t address)
{
	if (address % FLASH_SECTOR != 0 || address + FLASH_SECTOR > NOR_SIZE)
		return false;
	nor_erases++;
	if (address == stuck)
		return true;
	for (unsigned i = 0; i < NOR_ERASE_PULSES; i++)
		if (pulse()) {
			half_erase(address, i);
			longjmp(nor_power, 1);
		}
	memset(nor.byte + address, 0xff, FLASH_SECTOR);
	memset(nor.weak + address, 0, FLASH_SECTOR);
	return true;
}
