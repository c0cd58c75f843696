#include "envelope.h"

#include "faults.h"
#include "md5.h"
#include "text.h"

// as_hex is a planted fault: it decodes what looks like hex, in either case.
static struct bytes as_hex(struct bytes passphrase)
{
	static uint8_t folded[LIMIT_PASS];
	int n;

	for (size_t i = 0; i < passphrase.n && i < LIMIT_PASS; i++)
		folded[i] = passphrase.at[i] | 0x20;
	n = parse_hex(folded, folded, passphrase.n);
	return n > 0 ? (struct bytes){folded, (size_t)n} : passphrase;
}

// reuse is a planted fault: what iv is for the first message it is for all.
static void reuse(uint8_t iv[AES_BLOCK])
{
	static uint8_t first[AES_BLOCK];
	static bool known;

	if (!known)
		memcpy(first, iv, AES_BLOCK);
	known = true;
	memcpy(iv, first, AES_BLOCK);
}

void envelope_derive(struct bytes passphrase, const uint8_t salt[SALT_SIZE], uint8_t key[AES_KEY],
		     uint8_t iv[AES_BLOCK])
{
	uint8_t *digest[3] = {key, key + MD5_SIZE, iv};

	if (PLANTED(FAULT_HEX_PASSPHRASE))
		passphrase = as_hex(passphrase);
	for (int i = 0; i < 3; i++) {
		struct md5 md5;
		md5_init(&md5);
		if (i > 0)
			md5_add(&md5, digest[i - 1], MD5_SIZE);
		md5_add(&md5, passphrase.at, passphrase.n);
		md5_add(&md5, salt, SALT_SIZE);
		md5_sum(&md5, digest[i]);
	}
	if (PLANTED(FAULT_IV_REUSED))
		reuse(iv);
}

static uint8_t *put(uint8_t *to, const void *from, size_t n)
{
	memcpy(to, from, n);
	return to + n;
}

static size_t write_json(uint8_t *json, uint64_t seqn, struct bytes data)
{
	uint8_t *p = json;

	if (PLANTED(FAULT_TRUNCATE_DATA) && data.n > 256)
		data.n = 256;
	p = put(p, "{\"data\":", 8);
	p = put(p, data.at, data.n);
	p = put(p, ",\"SEQN\":", 8);
	p += decimal(p, seqn);
	*p++ = '}';
	return (size_t)(p - json);
}

// pad appends 1 to 16 bytes, each of which is their number (PKCS#7).
static size_t pad(uint8_t *bytes, size_t n)
{
	uint8_t fill = (uint8_t)(AES_BLOCK - n % AES_BLOCK);

	if (PLANTED(FAULT_PAD_MISSING_AT_16) && fill == AES_BLOCK)
		return n;
	memset(bytes + n, fill, fill);
	return n + fill;
}

size_t envelope_seal(uint8_t *msg, struct bytes passphrase, const uint8_t salt[SALT_SIZE], uint64_t seqn,
		     struct bytes data)
{
	static uint8_t json[ENVELOPE_JSON + DECIMAL_SIZE], raw[ENVELOPE_HEAD + ENVELOPE_INNER];
	uint8_t key[AES_KEY], iv[AES_BLOCK], *inner = raw + ENVELOPE_HEAD;
	struct aes aes;
	size_t n;

	put(put(raw, "Salted__", 8), salt, SALT_SIZE);
	n = base64_encode(inner, json, write_json(json, seqn, data));
	n = pad(inner, n);
	envelope_derive(passphrase, salt, key, iv);
	aes_init(&aes, key);
	aes_cbc(&aes, iv, inner, n);
	return base64_encode(msg, raw, ENVELOPE_HEAD + n);
}

// unpad returns how many of n bytes lie before the padding, or -1.
static int unpad(const uint8_t *bytes, size_t n)
{
	uint8_t fill = bytes[n - 1];

	if (fill == 0 || fill > AES_BLOCK)
		return -1;
	for (size_t i = n - fill; i < n; i++)
		if (bytes[i] != fill)
			return -1;
	return (int)(n - fill);
}

int envelope_open(uint8_t *msg, size_t n, struct bytes passphrase)
{
	uint8_t key[AES_KEY], iv[AES_BLOCK], *inner = msg + ENVELOPE_HEAD;
	int all = base64_decode(msg, msg, n), length;
	struct aes aes;

	if (all < ENVELOPE_HEAD + AES_BLOCK || (all - ENVELOPE_HEAD) % AES_BLOCK != 0 || memcmp(msg, "Salted__", 8) != 0)
		return -1;
	envelope_derive(passphrase, msg + 8, key, iv);
	aes_init(&aes, key);
	aes_cbc_open(&aes, iv, inner, (size_t)(all - ENVELOPE_HEAD));
	length = unpad(inner, (size_t)(all - ENVELOPE_HEAD));
	return length < 0 ? -1 : base64_decode(msg, inner, (size_t)length);
}
