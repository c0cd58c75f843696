// Numbers to text and back in many bases, words, and UTF-8; returns how many
// results are wrong.

typedef unsigned int u32;

static int length(const char *s)
{
	int n = 0;
	while (*s++)
		n++;
	return n;
}

static int compare(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *(const unsigned char *)a - *(const unsigned char *)b;
}

static char *number(char *to, int v, int base)
{
	char digits[34], *d = digits;
	u32 u = v;
	if (v < 0 && base == 10) {
		*to++ = '-';
		u = -u;
	}
	do {
		*d++ = "0123456789abcdefghijklmnopqrstuvwxyz"[u % base];
		u /= base;
	} while (u);
	while (d > digits)
		*to++ = *--d;
	*to = 0;
	return to;
}

static int value(const char *s, int base)
{
	int minus = *s == '-';
	u32 v = 0;
	for (s += minus; *s; s++)
		v = v * base + (*s <= '9' ? *s - '0' : *s - 'a' + 10);
	return minus ? -v : v;
}

static int words(const char *s)
{
	int n = 0, in = 0;
	for (; *s; s++) {
		switch (*s) {
		case ' ': case '\t': case '\n': case ',': case '.':
			in = 0;
			break;
		default:
			n += !in;
			in = 1;
		}
	}
	return n;
}

static char *encode(char *to, u32 rune)
{
	if (rune < 0x80) {
		*to++ = rune;
	} else if (rune < 0x800) {
		*to++ = 0xc0 | rune >> 6;
		*to++ = 0x80 | (rune & 0x3f);
	} else if (rune < 0x10000) {
		*to++ = 0xe0 | rune >> 12;
		*to++ = 0x80 | (rune >> 6 & 0x3f);
		*to++ = 0x80 | (rune & 0x3f);
	} else {
		*to++ = 0xf0 | rune >> 18;
		*to++ = 0x80 | (rune >> 12 & 0x3f);
		*to++ = 0x80 | (rune >> 6 & 0x3f);
		*to++ = 0x80 | (rune & 0x3f);
	}
	return to;
}

static const char *decode(const char *s, u32 *rune)
{
	signed char c = *s++;
	int more = c >= 0 ? 0 : (c & 0xe0) == 0xc0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : 3;
	u32 r = more ? c & 0x3f >> more : c;
	while (more--)
		r = r << 6 | (*s++ & 0x3f);
	*rune = r;
	return s;
}

static void reverse(char *s)
{
	for (char *e = s + length(s) - 1; s < e; s++, e--) {
		char c = *s;
		*s = *e;
		*e = c;
	}
}

int main(void)
{
	static char a[80], b[80];
	int wrong = 0;
	for (int base = 2; base <= 36; base += 31) {
		for (int v = -1000000007; v < 900000000; v += 1233333331) {
			number(a, v, base);
			wrong += value(a, base) != v;
		}
	}
	number(a, -2147483647 - 1, 10);
	wrong += compare(a, "-2147483648") != 0;
	number(a, 0xbadf00d, 16);
	reverse(a);
	wrong += compare(a, "d00fdab") != 0;
	wrong += compare("espalier", "espaliers") >= 0;
	wrong += compare("\xff", "a") <= 0;
	wrong += words("a tree, trained flat\tagainst a wall.  Twice ") != 8;

	char *to = b;
	for (u32 r = 1; r < 0x10ffff; r = r * 5 + 3)
		to = encode(to, r);
	const char *from = b;
	for (u32 r = 1, got; r < 0x10ffff; r = r * 5 + 3) {
		from = decode(from, &got);
		wrong += got != r;
	}
	return wrong + (from != to);
}
