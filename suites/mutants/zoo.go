package mutants

import "github.com/espalier-hil/espalier/harness/report"

// Zoo is every mutant there is.
var Zoo = []Mutant{
	{Name: "off-by-one", Backend: true, Kills: "A replayed envelope is refused at once", Req: "REQ-SEQ-001"},
	{Name: "no-gaps", Backend: true, Kills: "A gap left by the device is accepted", Req: "REQ-SEQ-003"},
	{Name: "race", Backend: true, Kills: "A replayed envelope is accepted once when 32 copies", Req: "REQ-SEQ-004"},
	{Name: "forgets", Backend: true, Kills: "A replayed envelope is refused after the server was restarted", Req: "REQ-SEQ-012"},
	{Name: "buffers", Backend: true, Kills: "A replayed envelope is refused after the server was killed", Req: "REQ-SEQ-005"},
	{Name: "counts-refused", Backend: true, Kills: "A replayed envelope is refused at once", Req: "REQ-SEQ-007"},
	{Name: "locks-out", Backend: true, Kills: "A replayed envelope is refused later, and the next good one accepted", Req: "REQ-SEQ-010"},
	{Name: "misses-gaps", Backend: true, Kills: "A gap left by the device is accepted and counted", Req: "REQ-SEQ-011"},
	{Name: "drops-data", Backend: true, Kills: "A reading is what the device says", Req: "REQ-SEQ-009"},
	{Name: "rewrites-data", Backend: true, Kills: "A reading is what the device says", Req: "REQ-SEQ-009"},
	{Name: "lenient", Backend: true, Kills: "A tampered envelope is refused whatever was done to it", Req: "REQ-ENV-006"},
	{Name: "adopts", Backend: true, Kills: "A reading is refused by the server if its device is unknown", Req: "REQ-HTTP-001"},
	{Name: "forgets-replays", Backend: true, Kills: "A replayed envelope is refused later", Req: "REQ-SEQ-001"},
	{Name: "stale-next", Backend: true, Kills: "Resync tells the next number", Req: "REQ-SQN-001"},
	{Name: "ignores-nonce", Backend: true, Kills: "Resync tells the next number", Req: "REQ-SQN-001"},
	{Name: "repeats-salt", Backend: true, Kills: "Resync is sealed anew each time", Req: "REQ-SQN-001"},
	{Name: "resync-data", Backend: true, Kills: "Resync is sealed anew each time", Req: "REQ-SQN-001"},

	{Name: "FAULT_SEQN_RESET_ON_BOOT", Kills: "The sequence number rises over 20 resets", Req: "REQ-DEV-002"},
	{Name: "FAULT_RECORD_AFTER_SEND", Kills: "The sequence number rises over 20 resets", Req: "REQ-DEV-002"},
	{Name: "FAULT_TORN_RECORD", Kills: "A power cut in any pulse of a send", Req: "REQ-DEV-002"},
	{Name: "FAULT_TORN_PROVISION", Kills: "A power cut in any pulse of provisioning", Req: "REQ-DEV-009"},
	{Name: "FAULT_WEAK_COPY", Kills: "A power cut in any pulse of provisioning", Req: "REQ-DEV-009"},
	{Name: "FAULT_SALT_FROM_RNG_ONLY", Kills: "The salts of different messages all differ, though", Req: "REQ-DEV-001"},
	{Name: "FAULT_SALT_FIXED", Kills: "The salts of different messages all differ with random numbers that are stuck", Req: "REQ-DEV-001"},
	{Name: "FAULT_PAD_MISSING_AT_16", Kills: "The device's own cryptography derives and seals", Req: "REQ-DEV-007"},
	{Name: "FAULT_TRUNCATE_DATA", Kills: "A reading is what the device says", Req: "REQ-DEV-005"},
	{Name: "FAULT_HEX_PASSPHRASE", Kills: "device/seal/hexadecimal-passphrase", Req: "REQ-DEV-007"},
	{Name: "FAULT_OK_SUBSTRING", Kills: "The outcome of a send is a refusal when the backend says", Req: "REQ-DEV-008"},
	{Name: "FAULT_DIGEST_CONSTANT", Kills: "A board that was reset gives itself away", Req: "REQ-BOOT-001"},
	{Name: "FAULT_PASSPHRASE_ECHO", Kills: "The passphrase is never said by the device", Req: "REQ-DEV-006"},
	{Name: "FAULT_IV_REUSED", Kills: "The device's own cryptography derives and seals", Req: "REQ-KDF-001"},
	{Name: "FAULT_SEQN_TAKEN_DOWN", Kills: "The sequence number is taken up by provisioning and never taken down", Req: "REQ-DEV-002"},
	{Name: "FAULT_SEQN_WITHOUT_END", Kills: "The sequence number ends at 2^53-2", Req: "REQ-DEV-010"},
	{Name: "FAULT_RESEND_NEW_SEQN", Kills: "The outcome of a send is presumed after a lost reply, and the reading is stored once", Req: "REQ-DEV-003"},
	{Name: "FAULT_RESEND_RESEALED", Kills: "The outcome of a send is accepted after a lost request", Req: "REQ-DEV-003"},
	{Name: "FAULT_RETRY_FOREVER", Kills: "A gap left by a message that the wire lost", Req: "REQ-DEV-004"},
	{Name: "FAULT_LOSS_FORGOTTEN", Kills: "The outcome of a send is presumed after a lost reply", Req: "REQ-DEV-003"},
	{Name: "FAULT_WATCHDOG_UNFED", Kills: "A gap left by a message that the wire lost", Req: "REQ-DEV-003", Class: report.Crash},
	{Name: "FAULT_STATUS_IGNORED", Kills: "The outcome of a send is a refusal when the backend says", Req: "REQ-DEV-008"},

	// Of somebody else's firmware fewer specs are run; these faults show in them.
	{Board: "hobbyist", Name: "FAULT_SEQN_RESET_ON_BOOT", Kills: "The sequence number rises over 20 resets", Req: "REQ-DEV-002"},
	{Board: "hobbyist", Name: "FAULT_SALT_FROM_RNG_ONLY", Kills: "The salts of different messages all differ, though", Req: "REQ-DEV-001"},
	{Board: "hobbyist", Name: "FAULT_IV_REUSED", Kills: "A reading of the everyday kind", Req: "REQ-ENV-004"},
	{Board: "hobbyist", Name: "FAULT_OK_SUBSTRING", Kills: "The outcome of a send is a refusal when the backend says", Req: "REQ-DEV-008"},
}
