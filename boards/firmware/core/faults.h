// Planted faults. A build with -DFAULT_X is a mutant that some spec must turn
// red; without it each switch is the constant 0 and leaves no trace in the image.
#ifndef FAULTS_H
#define FAULTS_H

// The next SEQN starts again from the provisioned one after each reset.
#ifndef FAULT_SEQN_RESET_ON_BOOT
#define FAULT_SEQN_RESET_ON_BOOT 0
#endif

// The salt is what the RNG says, which is the same after each reset.
#ifndef FAULT_SALT_FROM_RNG_ONLY
#define FAULT_SALT_FROM_RNG_ONLY 0
#endif

// The salt never changes.
#ifndef FAULT_SALT_FIXED
#define FAULT_SALT_FIXED 0
#endif

// A text whose length is a multiple of 16 gets no padding block.
#ifndef FAULT_PAD_MISSING_AT_16
#define FAULT_PAD_MISSING_AT_16 0
#endif

// Any reply that contains the letters OK counts as accepted, "NOT OK" too.
#ifndef FAULT_OK_SUBSTRING
#define FAULT_OK_SUBSTRING 0
#endif

// The SEQN record is appended after the message has left.
#ifndef FAULT_RECORD_AFTER_SEND
#define FAULT_RECORD_AFTER_SEND 0
#endif

// The digest covers the image's header alone.
#ifndef FAULT_DIGEST_CONSTANT
#define FAULT_DIGEST_CONSTANT 0
#endif

// Readings are cut at 256 bytes.
#ifndef FAULT_TRUNCATE_DATA
#define FAULT_TRUNCATE_DATA 0
#endif

// A passphrase that looks like hex is decoded before it is used.
#ifndef FAULT_HEX_PASSPHRASE
#define FAULT_HEX_PASSPHRASE 0
#endif

// Provisioning is answered with the passphrase in the log.
#ifndef FAULT_PASSPHRASE_ECHO
#define FAULT_PASSPHRASE_ECHO 0
#endif

#endif
