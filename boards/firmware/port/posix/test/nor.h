// A NOR flash whose power can be cut in any pulse.
//
// Programming takes one pulse a byte, erasing NOR_ERASE_PULSES. The pulse that
// is cut leaves bits done, not done, or weak: a weak bit reads as it likes, each
// time anew, until it is programmed again or erased whole. An erase first
// programs, as chips do, so that cutting it may leave zeros where ones were.
#ifndef NOR_H
#define NOR_H

#include <setjmp.h>
#include <stdint.h>

enum { NOR_SIZE = 0x80000, NOR_ERASE_PULSES = 8 };

struct nor {
	uint8_t byte[NOR_SIZE];
	uint8_t weak[NOR_SIZE];
};

extern struct nor nor;

// nor_power is where control goes when power fails.
extern jmp_buf nor_power;

extern unsigned nor_erases, nor_pulses;

// nor_cut makes power fail in the pulse after that many; 0 is never.
void nor_cut(unsigned pulse);

// nor_cut_softly is nor_cut where that pulse, of a program, has hardly begun: the
// byte is as it was, but for one weak bit.
void nor_cut_softly(unsigned pulse);

void nor_blank(void);

// nor_stick makes a sector that erases and programs without effect.
void nor_stick(uint32_t address);

#endif
