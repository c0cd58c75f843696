// What envelope.Open is measured against: the same work in C with OpenSSL's
// libcrypto. Contexts and fetched algorithms are kept from message to message,
// buffers are on the stack, and of the JSON only SEQN is looked for.
//
// Usage: libcrypto PASSPHRASE MSG. Each line "N" on stdin opens MSG N times and
// is answered with the nanoseconds that took and the SEQN.
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX = 64 << 10 };

static EVP_CIPHER *cipher;
static EVP_MD *md5;
static EVP_CIPHER_CTX *ctx;

static void must(int ok, const char *what) {
	if (!ok) {
		fprintf(stderr, "libcrypto: %s failed\n", what);
		exit(1);
	}
}

// EVP_DecodeBlock counts the bytes that padding stands for; take them off.
static int decode(unsigned char *dst, const unsigned char *src, int len) {
	int n = EVP_DecodeBlock(dst, src, len);
	must(n >= 3, "EVP_DecodeBlock");
	return n - (src[len - 1] == '=') - (src[len - 2] == '=');
}

static uint64_t open_envelope(const char *pass, int passlen, const char *msg, int msglen) {
	unsigned char raw[MAX], inner[MAX], plain[MAX], key[32], iv[16];
	int n, last;

	n = decode(raw, (const unsigned char *)msg, msglen);
	must(n > 16 && memcmp(raw, "Salted__", 8) == 0, "the header");
	must(EVP_BytesToKey(cipher, md5, raw + 8, (const unsigned char *)pass, passlen, 1, key, iv) == 32, "EVP_BytesToKey");
	must(EVP_DecryptInit_ex2(ctx, cipher, key, iv, NULL), "EVP_DecryptInit_ex2");
	must(EVP_DecryptUpdate(ctx, inner, &n, raw + 16, n - 16), "EVP_DecryptUpdate");
	must(EVP_DecryptFinal_ex(ctx, inner + n, &last), "EVP_DecryptFinal_ex");
	n = decode(plain, inner, n + last);
	plain[n] = 0;
	char *seqn = strstr((char *)plain, "\"SEQN\":");
	must(seqn != NULL, "looking for SEQN");
	return strtoull(seqn + 7, NULL, 10);
}

int main(int argc, char **argv) {
	must(argc == 3 && strlen(argv[2]) < MAX, "reading the arguments");
	must((cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL)) != NULL, "EVP_CIPHER_fetch");
	must((md5 = EVP_MD_fetch(NULL, "MD5", NULL)) != NULL, "EVP_MD_fetch");
	must((ctx = EVP_CIPHER_CTX_new()) != NULL, "EVP_CIPHER_CTX_new");

	int passlen = strlen(argv[1]), msglen = strlen(argv[2]);
	long n;
	while (scanf("%ld", &n) == 1) {
		struct timespec a, b;
		uint64_t seqn = 0;
		clock_gettime(CLOCK_MONOTONIC, &a);
		for (long i = 0; i < n; i++)
			seqn = open_envelope(argv[1], passlen, argv[2], msglen);
		clock_gettime(CLOCK_MONOTONIC, &b);
		printf("%lld %llu\n", (b.tv_sec - a.tv_sec) * 1000000000LL + (b.tv_nsec - a.tv_nsec), (unsigned long long)seqn);
		fflush(stdout);
	}
	return 0;
}
