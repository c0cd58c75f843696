// MD5 (RFC 1321).
#ifndef MD5_H
#define MD5_H

#include "mem.h"

enum { MD5_SIZE = 16, MD5_BLOCK = 64 };

struct md5 {
	uint32_t state[4];
	uint32_t length; // bytes so far; nothing here hashes 512 MiB
	uint8_t block[MD5_BLOCK];
};

void md5_init(struct md5 *md5);
void md5_add(struct md5 *md5, const void *bytes, size_t n);
void md5_sum(struct md5 *md5, uint8_t sum[MD5_SIZE]);

#endif
