// Where things lie in flash: clear of the image and of what erasing it spills
// over, and clear of the vendor SDK's own sectors on a part of 512 KiB.
#ifndef FLASHMAP_H
#define FLASHMAP_H

enum {
	FLASH_IMAGE = 0x00000,
	FLASH_IMAGE_MAX = 0x76000,
	FLASH_PROVISION = 0x76000, // two sectors, one copy in each
	FLASH_SEQLOG = 0x78000,    // two sectors
};

#endif
