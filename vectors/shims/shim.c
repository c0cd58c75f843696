/* A shim in C: OpenSSL's libcrypto. See SHIM.md. cc -O2 -o shim shim.c -lcrypto */
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
static char line[(1 << 20) + 2]; /* no question is longer than 1 MiB */
static unsigned char password[1 << 19], salt[8], key[32], iv[16], raw[1 << 20], text[1 << 20];

static char *field(const char *name) { return strstr(line, name) + strlen(name); }
static int unhex(const char *from, unsigned char *to) {
    int n = 0;
    while (sscanf(from + 2 * n, "%2hhx", to + n) == 1) n++;
    return n;
}
static void out(const char *name, const unsigned char *p, int n) {
    for (printf("%s\":\"", name); n-- > 0; p++) printf("%02x", *p);
}
static void derive(const unsigned char *with) {
    int n = unhex(field("\"passphraseHex\":\""), password);
    EVP_BytesToKey(EVP_aes_256_cbc(), EVP_md5(), with, password, n, 1, key, iv);
}
static int decode(const char *from, int n, unsigned char *to) { /* -1 unless it encodes to the same again */
    static unsigned char again[(1 << 20) + 8];
    int size = EVP_DecodeBlock(to, (const unsigned char *)from, n);
    if (size > 0) size -= (from[n - 1] == '=') + (from[n - 2] == '=');
    return size >= 0 && EVP_EncodeBlock(again, to, size) == n && !memcmp(again, from, n) ? size : -1;
}
static const char *unseal(EVP_CIPHER_CTX *ctx, const char *msg, int *size) { /* the stage that refuses, or NULL */
    int part = 0, rest = 0, n = decode(msg, strcspn(msg, "\""), raw); /* what JSON escapes is no base64 */
    if (n < 0) return "outer-base64";
    if (n < 8 || memcmp(raw, "Salted__", 8)) return "magic";
    if (n <= 16 || n % 16) return "length";
    derive(raw + 8);
    EVP_DecryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key, iv);
    EVP_DecryptUpdate(ctx, text, &part, raw + 16, n - 16);
    if (!EVP_DecryptFinal_ex(ctx, text + part, &rest)) return "padding"; /* looks at every byte of it */
    return (*size = decode((char *)text, part + rest, raw)) < 0 ? "inner-base64" : NULL;
}
int main(void) {
    for (EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new(); fgets(line, sizeof line, stdin); fflush(stdout)) {
        const char *why;
        int size;
        printf("{\"seq\":%.*s,", (int)strcspn(field("\"seq\":"), ","), field("\"seq\":"));
        if (strstr(line, "\"op\":\"payload\"")) puts("\"unimplemented\":true}");
        else if (strstr(line, "\"op\":\"kdf\"")) {
            derive((unhex(field("\"saltHex\":\""), salt), salt));
            out("\"out\":{\"keyHex", key, 32), out("\",\"ivHex", iv, 16), puts("\"}}");
        } else if ((why = unseal(ctx, field("\"msg\":\""), &size))) printf("\"reject\":\"%s\"}\n", why);
        else out("\"out\":{\"plainHex", raw, size), puts("\"}}");
    }
}
