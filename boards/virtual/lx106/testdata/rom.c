// What the mask ROM has, and libgcc for the LX106 therefore lacks: division,
// 64-bit products, and the copying that gcc may call.

typedef unsigned int u32;
typedef unsigned long long u64;

u64 __udivdi3(u64 n, u64 d)
{
	u64 q = 0, r = 0;
	for (int i = 63; i >= 0; i--) {
		r = r << 1 | (n >> i & 1);
		q <<= 1;
		if (r >= d) {
			r -= d;
			q |= 1;
		}
	}
	return q;
}

u64 __umoddi3(u64 n, u64 d)
{
	u64 r = 0;
	for (int i = 63; i >= 0; i--) {
		r = r << 1 | (n >> i & 1);
		if (r >= d)
			r -= d;
	}
	return r;
}

u32 __udivsi3(u32 n, u32 d)
{
	u32 q = 0, r = 0;
	for (int i = 31; i >= 0; i--) {
		r = r << 1 | (n >> i & 1);
		q <<= 1;
		if (r >= d) {
			r -= d;
			q |= 1;
		}
	}
	return q;
}

u32 __umodsi3(u32 n, u32 d)
{
	return n - __udivsi3(n, d) * d;
}

int __divsi3(int n, int d)
{
	u32 q = __udivsi3(n < 0 ? -(u32)n : n, d < 0 ? -(u32)d : d);
	return (n ^ d) < 0 ? -q : q;
}

int __modsi3(int n, int d)
{
	return n - __divsi3(n, d) * d;
}

u64 __umulsidi3(u32 a, u32 b)
{
	u32 al = a & 0xffff, ah = a >> 16, bl = b & 0xffff, bh = b >> 16;
	u32 low = al * bl, mid = ah * bl, mid2 = al * bh;
	u64 sum = (u64)(ah * bh) << 32 | low;
	sum += (u64)mid << 16;
	return sum + ((u64)mid2 << 16);
}

u64 __muldi3(u64 a, u64 b)
{
	u32 al = a, bl = b;
	u64 cross = (u32)(a >> 32) * bl + al * (u32)(b >> 32);
	return __umulsidi3(al, bl) + (cross << 32);
}

void *memcpy(void *to, const void *from, u32 n)
{
	for (u32 i = 0; i < n; i++)
		((char *)to)[i] = ((const char *)from)[i];
	return to;
}

void *memset(void *to, int v, u32 n)
{
	for (u32 i = 0; i < n; i++)
		((char *)to)[i] = v;
	return to;
}
