// The SEQN log: which SEQN comes next, in flash, whatever happens to the power.
//
// Two sectors of 256 records; each record is appended before the message that
// takes the number leaves. A record is 16 bytes, little-endian:
//
//	+0  generation u32   the provisioning it belongs to
//	+4  next       u64   the SEQN that follows the one taken
//	+12 crc        u32   CRC-32 of the twelve bytes before
//
// A record that was cut as it was begun may read as blank and not be, or now as
// blank and now as torn. So after a boot one slot is passed over, and it and what
// is torn before it are cleared, in ascending order, before the next record is
// begun: nothing is ever written where a cut may have left weak bits.
//
// The last whole record of the generation in force counts. A torn record fails
// its CRC: its message had not left, so the number is still free. The log moves
// to the other sector by erasing that one and writing the first record there;
// until this is whole, the older sector holds the truth. With both sectors in
// turn, 512 numbers cost one erase each: 100,000 erases last 5·10^7 sends.
#ifndef SEQLOG_H
#define SEQLOG_H

#include "mem.h"

struct seqlog {
	uint32_t generation; // the one in force
	bool found;          // it has a record; next is meaningful
	uint64_t next;
	uint32_t newest; // highest generation in any whole record, in force or not
	bool blank;      // nothing was ever written
	unsigned home;         // sector of the record in force: never erased
	unsigned sector, slot; // where the next record goes
	unsigned doubt;        // the first slot before it that may hold weak bits
};

enum { SEQLOG_SECTORS = 2, SEQLOG_RECORD = 16, SEQLOG_SLOTS = 256 };

// seqlog_load reads the log as it stands for a generation.
bool seqlog_load(struct seqlog *log, uint32_t generation);

// seqlog_append writes a record and reads it back. For a generation that is not
// in force it prepares a provisioning: nothing changes until seqlog_load is
// called for it.
bool seqlog_append(struct seqlog *log, uint32_t generation, uint64_t next);

#endif
