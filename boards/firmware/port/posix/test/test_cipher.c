#include <string.h>

#include "aes.h"
#include "check.h"
#include "tests.h"

void test_cipher(void)
{
	struct aes aes;
	uint8_t key[AES_KEY], iv[AES_BLOCK], text[64];

	// FIPS 197, appendix C.3.
	unhex(key, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
	unhex(text, "00112233445566778899aabbccddeeff");
	aes_init(&aes, key);
	CHECK_HEX(aes.round[AES_ROUNDS], AES_BLOCK, "24fc79ccbf0979e9371ac23c6d68de36");
	aes_encrypt(&aes, text);
	CHECK_HEX(text, AES_BLOCK, "8ea2b7ca516745bfeafc49904b496089");
	aes_decrypt(&aes, text);
	CHECK_HEX(text, AES_BLOCK, "00112233445566778899aabbccddeeff");

	// SP 800-38A, F.1.5, ECB-AES256.
	unhex(key, "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
	aes_init(&aes, key);
	unhex(text, "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
		    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
	for (int i = 0; i < 4; i++)
		aes_encrypt(&aes, text + 16 * i);
	CHECK_HEX(text, 64, "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"
			    "b6ed21b99ca6f4f9f153e7b1beafed1d23304b7a39f9f3ff067d8d8f9e24ecc7");

	// SP 800-38A, F.2.5, CBC-AES256.
	unhex(iv, "000102030405060708090a0b0c0d0e0f");
	unhex(text, "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
		    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
	aes_cbc(&aes, iv, text, 64);
	CHECK_HEX(text, 64, "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
			    "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b");

	// F.2.6, CBC-AES256 decryption.
	aes_cbc_open(&aes, iv, text, 64);
	CHECK_HEX(text, 64, "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
		    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");

	// CAVP AESAVS, GFSbox256, count 0; KeySbox256, count 0; VarTxt256, count 127.
	memset(key, 0, sizeof key);
	unhex(text, "014730f80ac625fe84f026c60bfd547d");
	aes_init(&aes, key);
	aes_encrypt(&aes, text);
	CHECK_HEX(text, 16, "5c9d844ed46f9885085e5d6a4f94c7d7");
	unhex(key, "c47b0294dbbbee0fec4757f22ffeee3587ca4730c3d33b691df38bab076bc558");
	memset(text, 0, 16);
	aes_init(&aes, key);
	aes_encrypt(&aes, text);
	CHECK_HEX(text, 16, "46f2fb342d6f0ab477476fc501242c5f");
}
