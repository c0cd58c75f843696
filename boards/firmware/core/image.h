// The image that the device runs, as it lies in flash.
#ifndef IMAGE_H
#define IMAGE_H

#include "envelope.h"
#include "md5.h"

// image_digest reads the image back from flash, now, and returns its size:
//
//	sum = MD5(nonce ‖ image)
//
// The size follows from the image's own header; 0 if there is no image or it
// cannot be read, and sum then says nothing.
uint32_t image_digest(struct bytes nonce, uint8_t sum[MD5_SIZE]);

#endif
