// Four ways to sort the same numbers, through pointers to functions; returns
// how many results differ or are out of order.

typedef unsigned int u32;

enum { COUNT = 30 };

static int less(short a, short b) { return a < b; }
static int more(short a, short b) { return a > b; }

typedef int order(short, short);

static void insertion(short *v, int n, order *before)
{
	for (int i = 1; i < n; i++) {
		short x = v[i];
		int j = i;
		for (; j > 0 && before(x, v[j - 1]); j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

static void quick(short *v, int n, order *before)
{
	while (n > 1) {
		short pivot = v[n / 2];
		int i = 0, j = n - 1;
		for (;; i++, j--) {
			while (before(v[i], pivot))
				i++;
			while (before(pivot, v[j]))
				j--;
			if (i >= j)
				break;
			short x = v[i];
			v[i] = v[j];
			v[j] = x;
		}
		quick(v, i, before);
		v += j + 1;
		n -= j + 1;
	}
}

static void sift(short *v, int i, int n, order *before)
{
	for (int child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && before(v[child], v[child + 1]))
			child++;
		if (!before(v[i], v[child]))
			return;
		short x = v[i];
		v[i] = v[child];
		v[child] = x;
	}
}

static void heap(short *v, int n, order *before)
{
	for (int i = n / 2; i-- > 0;)
		sift(v, i, n, before);
	while (n-- > 1) {
		short x = v[0];
		v[0] = v[n];
		v[n] = x;
		sift(v, 0, n, before);
	}
}

static void merge(short *v, int n, order *before)
{
	static short spare[COUNT];
	if (n < 2)
		return;
	int half = n / 2, i = 0, j = half, k = 0;
	merge(v, half, before);
	merge(v + half, n - half, before);
	while (i < half && j < n)
		spare[k++] = before(v[j], v[i]) ? v[j++] : v[i++];
	while (i < half)
		spare[k++] = v[i++];
	for (i = 0; i < k; i++)
		v[i] = spare[i];
}

static short numbers[4][COUNT];

int main(void)
{
	static void (*const ways[4])(short *, int, order *) = { insertion, quick, heap, merge };
	static order *const orders[2] = { less, more };
	int wrong = 0;
	for (int o = 0; o < 2; o++) {
		u32 x = 1;
		for (int i = 0; i < COUNT; i++) {
			x = x * 1664525 + 1013904223;
			for (int w = 0; w < 4; w++)
				numbers[w][i] = x >> 12;
		}
		for (int w = 0; w < 4; w++)
			ways[w](numbers[w], COUNT, orders[o]);
		for (int w = 0; w < 4; w++)
			for (int i = 0; i < COUNT; i++)
				wrong += numbers[w][i] != numbers[0][i] || (i > 0 && orders[o](numbers[w][i], numbers[w][i - 1]));
	}
	return wrong;
}
