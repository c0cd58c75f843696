// What the core cannot do in one instruction, under libgcc's names. Where the
// divisor is 0, the ROM executes an illegal instruction.

#include "rom.h"

typedef union {
	uint64_t all;
	struct {
		uint32_t low, high;
	};
} wide;

uint32_t __udivsi3(uint32_t a, uint32_t b);
uint32_t __umodsi3(uint32_t a, uint32_t b);
uint64_t __udivdi3(uint64_t a, uint64_t b);
uint64_t __umoddi3(uint64_t a, uint64_t b);
uint64_t __umulsidi3(uint32_t a, uint32_t b);
uint64_t __muldi3(uint64_t a, uint64_t b);

static uint32_t divide(uint32_t a, uint32_t b, uint32_t *rest)
{
	uint32_t q = 0, bit = 1;

	if (b == 0)
		__asm__ volatile("ill");
	for (; b < a && !(b >> 31); bit <<= 1)
		b <<= 1;
	for (; bit; bit >>= 1, b >>= 1)
		if (a >= b)
			a -= b, q |= bit;
	*rest = a;
	return q;
}

uint32_t __udivsi3(uint32_t a, uint32_t b)
{
	uint32_t rest;

	return divide(a, b, &rest);
}

uint32_t __umodsi3(uint32_t a, uint32_t b)
{
	uint32_t rest;

	divide(a, b, &rest);
	return rest;
}

static uint64_t divide_wide(uint64_t a, uint64_t b, uint64_t *rest)
{
	uint64_t r = 0, q = 0;

	if (b == 0)
		__asm__ volatile("ill");
	for (int i = 0; i < 64; i++) {
		r = r << 1 | a >> 63;
		a <<= 1, q <<= 1;
		if (r >= b)
			r -= b, q |= 1;
	}
	*rest = r;
	return q;
}

uint64_t __udivdi3(uint64_t a, uint64_t b)
{
	uint64_t rest;

	return divide_wide(a, b, &rest);
}

uint64_t __umoddi3(uint64_t a, uint64_t b)
{
	uint64_t rest;

	divide_wide(a, b, &rest);
	return rest;
}

uint64_t __umulsidi3(uint32_t a, uint32_t b)
{
	uint32_t al = a & 0xffff, ah = a >> 16, bl = b & 0xffff, bh = b >> 16;
	uint32_t low = al * bl, mid = ah * bl + (low >> 16), mid2 = al * bh + (mid & 0xffff);
	wide w = {.low = mid2 << 16 | (low & 0xffff), .high = ah * bh + (mid >> 16) + (mid2 >> 16)};

	return w.all;
}

uint64_t __muldi3(uint64_t a, uint64_t b)
{
	wide x = {.all = a}, y = {.all = b}, w = {.all = __umulsidi3(x.low, y.low)};

	w.high += x.low * y.high + x.high * y.low;
	return w.all;
}
