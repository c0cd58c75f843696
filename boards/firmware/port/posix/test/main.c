// The core's tests, on the host. An argument is a seed other than 1.

#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "tests.h"

static const struct {
	const char *name;
	void (*run)(void);
} tests[] = {
	{"digest", test_digest},	{"cipher", test_cipher},     {"text", test_text},	{"json", test_json},
	{"envelope", test_envelope},	{"seqlog", test_seqlog},     {"provision", test_provision}, {"power", test_power},
	{"request", test_request},	{"reply", test_reply},	     {"delivery", test_delivery}, {"control", test_control},
	{"resync", test_resync},	{"fuzz", test_fuzz},
};

int main(int argc, char **argv)
{
	uint32_t seed = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1;

	for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
		unsigned failed = check_failures, checks = check_count;
		check_seed(seed);
		tests[i].run();
		printf("%s %-10s %8u checks\n", check_failures > failed ? "FAIL" : "ok  ", tests[i].name,
		       check_count - checks);
	}
	printf("seed %u: %u of %u checks failed\n", seed, check_failures, check_count);
	return check_failures > 0 || check_count == 0;
}
