#include "md5.h"

#include "bytes.h"

// floor(2^32 * |sin(i+1)|), RFC 1321 section 3.4.
static const uint32_t sines[64] = {
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
	0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
	0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
	0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
	0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
	0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
	0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

static uint32_t left(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

// STEP is one of the 64. Four of them bring each register back to its name, and
// the turn is a constant: the digest of the flash is most of a boot.
#define STEP(f, a, b, word, i, turn) ((a) = (b) + left((a) + (f) + words[(word) & 15] + sines[i], turn))

static void mix(uint32_t state[4], const uint8_t block[MD5_BLOCK])
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], words[16];

	for (unsigned i = 0; i < 16; i++)
		words[i] = load_le32(block + 4 * i);
	for (unsigned i = 0; i < 16; i += 4) { // word i
		STEP(d ^ (b & (c ^ d)), a, b, i, i, 7);
		STEP(c ^ (a & (b ^ c)), d, a, i + 1, i + 1, 12);
		STEP(b ^ (d & (a ^ b)), c, d, i + 2, i + 2, 17);
		STEP(a ^ (c & (d ^ a)), b, c, i + 3, i + 3, 22);
	}
	for (unsigned i = 16; i < 32; i += 4) { // word 5i + 1
		STEP(c ^ (d & (b ^ c)), a, b, i + 1, i, 5);
		STEP(b ^ (c & (a ^ b)), d, a, i + 6, i + 1, 9);
		STEP(a ^ (b & (d ^ a)), c, d, i + 11, i + 2, 14);
		STEP(d ^ (a & (c ^ d)), b, c, i, i + 3, 20);
	}
	for (unsigned i = 32; i < 48; i += 4) { // word 3i + 5
		STEP(b ^ c ^ d, a, b, 5 - i, i, 4);
		STEP(a ^ b ^ c, d, a, 8 - i, i + 1, 11);
		STEP(d ^ a ^ b, c, d, 11 - i, i + 2, 16);
		STEP(c ^ d ^ a, b, c, 14 - i, i + 3, 23);
	}
	for (unsigned i = 48; i < 64; i += 4) { // word 7i
		STEP(c ^ (b | ~d), a, b, -i, i, 6);
		STEP(b ^ (a | ~c), d, a, 7 - i, i + 1, 10);
		STEP(a ^ (d | ~b), c, d, 14 - i, i + 2, 15);
		STEP(d ^ (c | ~a), b, c, 5 - i, i + 3, 21);
	}
	state[0] += a, state[1] += b, state[2] += c, state[3] += d;
}

void md5_init(struct md5 *md5)
{
	md5->state[0] = 0x67452301;
	md5->state[1] = 0xefcdab89;
	md5->state[2] = 0x98badcfe;
	md5->state[3] = 0x10325476;
	md5->length = 0;
}

void md5_add(struct md5 *md5, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;

	while (n > 0) {
		size_t used = md5->length % MD5_BLOCK;
		size_t part = MD5_BLOCK - used < n ? MD5_BLOCK - used : n;
		memcpy(md5->block + used, p, part);
		md5->length += (uint32_t)part;
		p += part, n -= part;
		if (used + part == MD5_BLOCK)
			mix(md5->state, md5->block);
	}
}

void md5_sum(struct md5 *md5, uint8_t sum[MD5_SIZE])
{
	static const uint8_t padding[MD5_BLOCK] = {0x80};
	uint8_t bits[8];

	store_le64(bits, (uint64_t)md5->length * 8);
	md5_add(md5, padding, 1 + (MD5_BLOCK + 55 - md5->length % MD5_BLOCK) % MD5_BLOCK);
	md5_add(md5, bits, sizeof bits);
	for (int i = 0; i < 4; i++)
		store_le32(sum + 4 * i, md5->state[i]);
}
