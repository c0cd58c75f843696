// Planted faults. An image built with -DFAULT=FAULT_X is a mutant, right but for
// X, that some spec must turn red. In any other build each PLANTED is the
// constant false and leaves no trace in the image.
#ifndef FAULTS_H
#define FAULTS_H

enum fault {
	FAULT_NONE,
	FAULT_SEQN_RESET_ON_BOOT, // each boot begins again at the provisioned SEQN
	FAULT_RECORD_AFTER_SEND,  // the SEQN is recorded as spent once the reply is there
	FAULT_TORN_RECORD,        // a record of the SEQN log counts whatever its CRC
	FAULT_TORN_PROVISION,     // both copies of the provisioning are erased before one is written
	FAULT_WEAK_COPY,          // a copy that reads well is trusted, and the other one given up for it
	FAULT_SALT_FROM_RNG_ONLY, // the salt is what the RNG says
	FAULT_SALT_FIXED,         // the salt never changes
	FAULT_IV_REUSED,          // the IV is that of the first message since boot
	FAULT_PAD_MISSING_AT_16,  // a text of whole blocks gets no block of padding
	FAULT_TRUNCATE_DATA,      // readings are cut at 256 bytes
	FAULT_HEX_PASSPHRASE,     // a passphrase that looks like hex is decoded
	FAULT_SEQN_TAKEN_DOWN,    // provisioning sets the next SEQN, lower or not
	FAULT_SEQN_WITHOUT_END,   // numbers go on beyond SEQN_MAX
	FAULT_RESEND_NEW_SEQN,    // each attempt takes a number of its own
	FAULT_RESEND_RESEALED,    // each attempt is sealed anew, under a salt of its own
	FAULT_RETRY_FOREVER,      // a message that is not answered is tried again without end
	FAULT_LOSS_FORGOTTEN,     // a refusal is one, whatever was lost before it
	FAULT_WATCHDOG_UNFED,     // the watchdog watches over the pause between two attempts
	FAULT_STATUS_IGNORED,     // OK is OK under any HTTP status
	FAULT_OK_SUBSTRING,       // a reply that contains OK is one, "NOT OK" too
	FAULT_PRESUMES_UNSENT,    // a refused connection counts as a lost message
	FAULT_HALF_REPLY,         // a reply that broke off is judged by what came of it
	FAULT_RESYNC_ANY_NONCE,   // an answer to another question is taken
	FAULT_RESYNC_NONCE_AGAIN, // no number is spent for a nonce, which so repeats after a reset
	FAULT_RESYNC_LOWERS,      // the device goes on from what it is told, though it has gone further
	FAULT_SETTLES_BY_EQUAL,   // a message counts as stored if its own number is next
	FAULT_DIGEST_CONSTANT,    // the padding before the checksum is taken to be zero, unread
	FAULT_PASSPHRASE_ECHO,    // provisioning writes the passphrase to the log
	FAULT_NULL_LOAD,          // a reading of more than 256 bytes is looked for at address 0
	FAULT_WATCHDOG_LOOP,      // a reading of more than 256 bytes is worked on for ever, until the watchdog bites
	FAULT_LATE_CRASH,         // once it has answered what null is sealed to, it reads from address 0
};

#ifndef FAULT
#define FAULT FAULT_NONE
#endif

#define PLANTED(fault) (FAULT == (fault))

// fault_load reads where p points, wherever that is.
static inline void fault_load(const volatile unsigned char *p)
{
	__asm__("" : "+r"(p)); // unknown to the compiler, who would object to NULL
	(void)*p;
}

#endif
