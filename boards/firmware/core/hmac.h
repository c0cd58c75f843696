// HMAC-MD5 (RFC 2104).
#ifndef HMAC_H
#define HMAC_H

#include "md5.h"

void hmac_md5(const uint8_t *key, size_t key_len, const uint8_t *text, size_t text_len, uint8_t mac[MD5_SIZE]);

#endif
