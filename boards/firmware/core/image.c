#include "image.h"

#include "bytes.h"
#include "faults.h"
#include "flashmap.h"
#include "hal.h"

// Version 1 image: E9, segments u8, mode u8, size and speed u8, entry u32; for
// each segment address u32, length u32, data; zeros up to the last byte of a
// 16-byte line, which is the checksum.
enum { IMAGE_MAGIC = 0xe9, IMAGE_SEGMENTS = 16, IMAGE_LINE = 16 };

static uint32_t image_size(void)
{
	uint8_t header[8];
	uint32_t at = FLASH_IMAGE + sizeof header;

	if (!hal_flash_read(FLASH_IMAGE, header, sizeof header) || header[0] != IMAGE_MAGIC ||
	    header[1] > IMAGE_SEGMENTS)
		return 0;
	for (unsigned i = 0; i < header[1]; i++) {
		uint8_t segment[8];
		uint32_t n;
		if (!hal_flash_read(at, segment, sizeof segment))
			return 0;
		n = load_le32(segment + 4);
		if (n > FLASH_IMAGE_MAX - at)
			return 0;
		at += (uint32_t)sizeof segment + n;
		if (at >= FLASH_IMAGE_MAX)
			return 0;
	}
	return (at / IMAGE_LINE + 1) * IMAGE_LINE;
}

uint32_t image_digest(struct bytes nonce, uint8_t sum[MD5_SIZE])
{
	uint8_t page[256];
	uint32_t size = image_size(), end = size;
	struct md5 md5;

	md5_init(&md5);
	md5_add(&md5, nonce.at, nonce.n);
	for (uint32_t at = 0; at < end; at += sizeof page) {
		uint32_t n = end - at < sizeof page ? end - at : sizeof page;
		if (!hal_flash_read(FLASH_IMAGE + at, page, n)) {
			size = 0;
			break;
		}
		if (PLANTED(FAULT_DIGEST_CONSTANT) && at + n == end)
			memset(page + n - 4, 0, 3); // segments are words, so there is no less padding
		md5_add(&md5, page, n);
	}
	md5_sum(&md5, sum);
	return size;
}
