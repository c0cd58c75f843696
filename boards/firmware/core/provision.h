// Who the device is: its id and its passphrase, in flash, old or new, whole,
// whatever happens to the power.
//
// Two copies, one a sector. A copy, little-endian:
//
//	+0   magic      u32   PROVISION_MAGIC
//	+4   generation u32   rises by each provisioning; the higher copy counts
//	+8   id length  u8
//	+9   pass length u8
//	+10  0          u16
//	+12  id         32 bytes
//	+44  passphrase 128 bytes
//	+172 crc        u32   CRC-32 of all before
//
// The next SEQN is not here but in the SEQN log, under the same generation: so
// identity and number change together, in the instant in which the copy is whole.
#ifndef PROVISION_H
#define PROVISION_H

#include "envelope.h"

#define PROVISION_MAGIC 0x31565045 // "EPV1"

struct provision {
	uint32_t generation; // 0: none
	uint8_t id_len, pass_len;
	uint8_t id[LIMIT_ID];
	uint8_t pass[LIMIT_PASS];
};

enum provision_state { PROVISION_OK, PROVISION_EMPTY, PROVISION_DAMAGED };

// provision_load reads the copy that counts, and finishes what a power cut
// interrupted, so that both copies say the same from then on.
enum provision_state provision_load(struct provision *p);

// provision_save writes both copies. On false the old provisioning may still
// be in force, or the new one already be: provision_load tells.
bool provision_save(const struct provision *p);

#endif
