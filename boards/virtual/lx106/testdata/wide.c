// 64-bit arithmetic: a generator of random numbers, Fibonacci's numbers,
// powers modulo a prime, square roots, shifts by any amount; returns how many
// results are wrong.

typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;

static u64 power(u64 b, u64 e, u32 m)
{
	u64 v = 1;
	for (; e; e >>= 1) {
		if (e & 1)
			v = v * b % m;
		b = b * b % m;
	}
	return v;
}

static u32 root(u64 v)
{
	u64 r = 0;
	for (u64 bit = 1ull << 62; bit; bit >>= 2) {
		if (v >= r + bit) {
			v -= r + bit;
			r = (r >> 1) + bit;
		} else {
			r >>= 1;
		}
	}
	return r;
}

static u64 rotate(u64 v, int n)
{
	return n ? v << n | v >> (64 - n) : v;
}

int main(void)
{
	int wrong = 0;

	u64 x = 1; // as the mask ROM's rand does
	static const u32 rands[3] = { 0x5851f42d, 0x40b18ccf, 0x4bb5f646 };
	for (int i = 0; i < 3; i++) {
		x = x * 0x5851f42d4c957f2dull + 1;
		wrong += (u32)(x >> 32 & 0x7fffffff) != rands[i];
	}

	u64 a = 0, b = 1;
	for (int i = 0; i < 93; i++) {
		u64 c = a + b;
		a = b;
		b = c;
	}
	wrong += a != 12200160415121876738ull;
	wrong += a / 1000000007 != 12200160329ull || a % 1000000007 != 720754435;

	wrong += power(3, 1000000006, 1000000007) != 1;
	wrong += root(a) != 3492872802u;
	wrong += root(~0ull) != 0xffffffff;

	s64 s = -0x123456789abcdefll;
	for (int n = 0; n < 64; n += 21) {
		wrong += rotate(rotate(s, n), (64 - n) & 63) != (u64)s;
		wrong += s >> n > 0;
		wrong += (s < 0) != (s >> 63 == -1);
	}
	u64 product = (s64)(short)0x8000 * (s64)0x7fffffff;
	return wrong + (product != 0xffffc00000008000ull);
}
