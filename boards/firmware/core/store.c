#include "store.h"

#include "faults.h"

void store_boot(struct store *s)
{
	enum provision_state p = provision_load(&s->who);
	bool readable = seqlog_load(&s->log, s->who.generation);

	if (!readable)
		s->state = STORE_DAMAGED;
	else if (p == PROVISION_OK)
		s->state = s->log.found ? STORE_OK : STORE_DAMAGED;
	else
		s->state = p == PROVISION_EMPTY && s->log.blank ? STORE_EMPTY : STORE_DAMAGED;
}

struct bytes store_id(const struct store *s)
{
	return (struct bytes){s->who.id, s->who.id_len};
}

struct bytes store_passphrase(const struct store *s)
{
	return (struct bytes){s->who.pass, s->who.pass_len};
}

static bool same(struct bytes a, struct bytes b)
{
	return a.n == b.n && memcmp(a.at, b.at, a.n) == 0;
}

enum store_result store_provision(struct store *s, struct bytes id, struct bytes passphrase, uint64_t next)
{
	struct provision p = {.id_len = (uint8_t)id.n, .pass_len = (uint8_t)passphrase.n};
	uint32_t newest = s->log.newest > s->who.generation ? s->log.newest : s->who.generation;
	bool saved;

	if (!PLANTED(FAULT_SEQN_TAKEN_DOWN) && s->state == STORE_OK && same(passphrase, store_passphrase(s)) && s->log.next > next)
		next = s->log.next;
	// A generation is never used twice, not even one that a power cut left
	// behind in the log: its number must not come to life.
	p.generation = newest + 1;
	memcpy(p.id, id.at, id.n);
	memcpy(p.pass, passphrase.at, passphrase.n);
	saved = seqlog_append(&s->log, p.generation, next) && provision_save(&p);
	store_boot(s);
	return saved ? STORE_DONE : STORE_FLASH;
}

enum store_result store_skip(struct store *s, uint64_t n)
{
	if (!PLANTED(FAULT_SEQN_WITHOUT_END) && n > SEQN_MAX + 1 - s->log.next)
		return STORE_EXHAUSTED;
	if (n > 0 && !seqlog_append(&s->log, s->log.generation, s->log.next + n))
		return STORE_FLASH;
	return STORE_DONE;
}
