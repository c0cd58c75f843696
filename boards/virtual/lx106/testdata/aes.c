// AES-128 (FIPS 197) by a table that it computes first: encrypts the example
// of appendix B and decrypts it again. Returns how many bytes are wrong.

typedef unsigned int u32;
typedef unsigned char u8;

static u8 sbox[256], inverse[256];
static u32 table[256], keys[44];

static u8 twice(u8 v) { return v << 1 ^ (v & 0x80 ? 0x1b : 0); }

static u8 times(u8 a, u8 b)
{
	u8 v = 0;
	for (; b; b >>= 1, a = twice(a))
		if (b & 1)
			v ^= a;
	return v;
}

static u32 rotate(u32 v, int n) { return v << n | v >> (32 - n); }

static void tables(void)
{
	u8 p = 1, q = 1;
	do {
		p ^= twice(p); // by 3, a generator; q divides by it
		q ^= q << 1;
		q ^= q << 2;
		q ^= q << 4;
		if (q & 0x80)
			q ^= 0x09;
		u32 x = q;
		u8 v = x ^ x << 1 ^ x << 2 ^ x << 3 ^ x << 4 ^ x >> 7 ^ x >> 6 ^ x >> 5 ^ x >> 4 ^ 0x63;
		sbox[p] = v;
		inverse[v] = p;
	} while (p != 1);
	sbox[0] = 0x63;
	inverse[0x63] = 0;
	for (int i = 0; i < 256; i++) {
		u8 s = sbox[i], t = twice(s);
		table[i] = (u32)t << 24 | s << 16 | s << 8 | (t ^ s);
	}
}

static u32 word(const u8 *p) { return (u32)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }

static u32 substitute(u32 v)
{
	return (u32)sbox[v >> 24] << 24 | sbox[v >> 16 & 255] << 16 | sbox[v >> 8 & 255] << 8 | sbox[v & 255];
}

static void expand(const u8 *key)
{
	u8 constant = 1;
	for (int i = 0; i < 4; i++)
		keys[i] = word(key + 4 * i);
	for (int i = 4; i < 44; i++) {
		u32 v = keys[i - 1];
		if (i % 4 == 0) {
			v = substitute(rotate(v, 8)) ^ (u32)constant << 24;
			constant = twice(constant);
		}
		keys[i] = keys[i - 4] ^ v;
	}
}

static void encrypt(u32 s[4])
{
	u32 t[4];
	for (int i = 0; i < 4; i++)
		s[i] ^= keys[i];
	for (int round = 1; round < 10; round++) {
		for (int i = 0; i < 4; i++)
			t[i] = table[s[i] >> 24] ^ rotate(table[s[(i + 1) & 3] >> 16 & 255], 24) ^
			       rotate(table[s[(i + 2) & 3] >> 8 & 255], 16) ^ rotate(table[s[(i + 3) & 3] & 255], 8) ^
			       keys[4 * round + i];
		for (int i = 0; i < 4; i++)
			s[i] = t[i];
	}
	for (int i = 0; i < 4; i++)
		t[i] = (u32)sbox[s[i] >> 24] << 24 | sbox[s[(i + 1) & 3] >> 16 & 255] << 16 |
		       sbox[s[(i + 2) & 3] >> 8 & 255] << 8 | sbox[s[(i + 3) & 3] & 255];
	for (int i = 0; i < 4; i++)
		s[i] = t[i] ^ keys[40 + i];
}

static void decrypt(u8 s[16])
{
	static const u8 mix[4] = { 14, 11, 13, 9 };
	for (int round = 10;; round--) {
		u8 t[16];
		for (int i = 0; i < 16; i++)
			s[i] ^= keys[4 * round + i / 4] >> (24 - i % 4 * 8);
		if (round == 0)
			return;
		for (int i = 0; i < 16 && round < 10; i += 4)
			for (int j = 0; j < 4; j++) {
				t[i + j] = 0;
				for (int k = 0; k < 4; k++)
					t[i + j] ^= times(s[i + k], mix[(k - j) & 3]);
			}
		for (int i = 0; i < 16; i++)
			if (round < 10)
				s[i] = t[i];
		for (int i = 0; i < 16; i++)
			t[(i + i % 4 * 4) & 15] = inverse[s[i]];
		for (int i = 0; i < 16; i++)
			s[i] = t[i];
	}
}

int main(void)
{
	static const u8 key[16] = "\x2b\x7e\x15\x16\x28\xae\xd2\xa6\xab\xf7\x15\x88\x09\xcf\x4f\x3c";
	static const u8 plain[16] = "\x32\x43\xf6\xa8\x88\x5a\x30\x8d\x31\x31\x98\xa2\xe0\x37\x07\x34";
	static const u32 cipher[4] = { 0x3925841d, 0x02dc09fb, 0xdc118597, 0x196a0b32 };
	u32 s[4];
	u8 bytes[16];
	int wrong = 0;
	tables();
	expand(key);
	for (int i = 0; i < 4; i++)
		s[i] = word(plain + 4 * i);
	encrypt(s);
	for (int i = 0; i < 16; i++)
		bytes[i] = s[i / 4] >> (24 - i % 4 * 8);
	for (int i = 0; i < 4; i++)
		wrong += s[i] != cipher[i];
	decrypt(bytes);
	for (int i = 0; i < 16; i++)
		wrong += bytes[i] != plain[i];
	return wrong;
}
