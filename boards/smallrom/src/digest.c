// MD5 under the ROM's names, with the arguments in its order. Programs give it
// 88 bytes for its state.

#include "md5.h"

_Static_assert(sizeof(struct md5) <= 88, "programs reserve no more");

void MD5Init(struct md5 *md5);
void MD5Update(struct md5 *md5, const void *bytes, uint32_t n);
void MD5Final(uint8_t sum[MD5_SIZE], struct md5 *md5);

void MD5Init(struct md5 *md5)
{
	md5_init(md5);
}

void MD5Update(struct md5 *md5, const void *bytes, uint32_t n)
{
	md5_add(md5, bytes, n);
}

void MD5Final(uint8_t sum[MD5_SIZE], struct md5 *md5)
{
	md5_sum(md5, sum);
}
