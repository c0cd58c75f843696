#include "control.h"

#include <setjmp.h>
#include <string.h>

#include "check.h"
#include "fake.h"
#include "flashmap.h"
#include "nor.h"
#include "tests.h"

static void boot(void)
{
	fake_reset();
	control_boot();
}

#define SAID(want) CHECK_TEXT(fake_said, strlen(fake_said), want)
#define ASK(line, want) (fake_ask(line), SAID(want))
#define REFUSED(line, code) check_(strstr(fake_ask(line), "\"ok\":false,\"error\":\"" code "\"") != NULL, line, __FILE__, __LINE__)

static void test_words(void)
{
	nor_blank();
	boot();
	SAID("\x1e{\"hello\":{\"proto\":1,\"fw\":\"espalier-ref\",\"version\":\"0.1.0\",\"mac\":\"7a:e5:82:00:00:01\","
		   "\"boots\":3,\"cause\":2,\"nonce\":\"\",\"digest\":\"d41d8cd98f00b204e9800998ecf8427e\",\"size\":0,"
		   "\"links\":[\"virtual\",\"serial\"],\"limits\":{\"line\":4096,\"data\":1600,\"id\":32,\"pass\":128},"
		   "\"device\":\"\",\"next\":null,\"store\":\"empty\"}}\n");
	ASK("", "");
	ASK("1 provision 31 70 7", "\x1e{\"id\":1,\"ok\":true,\"next\":7}\n");
	ASK("2 seqn", "\x1e{\"id\":2,\"ok\":true,\"next\":7}\n");
	ASK("3 seqn +3", "\x1e{\"id\":3,\"ok\":true,\"next\":10}\n");
	ASK("4 link virtual", "\x1e{\"id\":4,\"ok\":true,\"link\":\"virtual\"}\n");
	ASK("5 server 127.0.0.1 80", "\x1e{\"id\":5,\"ok\":true}\n");
	ASK("999999999 derive 636f727265637420686f727365 0102030405060708",
	    "\x1e{\"id\":999999999,\"ok\":true,\"key\":\"bcf8d941d9291141709c9d56360eb7148e3960ab3dc44d832c4028568545c91d\","
	    "\"iv\":\"5a7a1d12207f801d2f6f4cf578e8708c\"}\n");
	CHECK(strstr(fake_ask("6 bench 2"), "\x1e{\"id\":6,\"ok\":true,\"n\":2,\"cycles\":") != NULL);
	fake_has_net = false;
	REFUSED("7 link virtual", "no-link");
	fake_has_net = true;
	if (setjmp(fake_after_reset) == 0)
		fake_ask("8 reset");
	CHECK(fake_was_reset);
	SAID("\x1e{\"id\":8,\"ok\":true}\n");
}

// A flash that does not take the record stops the message, not the device.
static void test_flash(void)
{
	nor_blank();
	boot();
	fake_ask("1 provision 31 70 7");
	fake_ask("2 link virtual");
	fake_ask("3 server 127.0.0.1 80");
	memset(nor.byte + FLASH_SEQLOG, 0, 2 * FLASH_SECTOR); // nothing can be programmed any more
	nor_stick(FLASH_SEQLOG);
	REFUSED("4 send 31", "flash");
	CHECK_NUMBER(strlen(fake_sent), 0);
}

// typed is what the host types once the device has made its request.
static const char *typed;

static void carry(void)
{
	fake_type(typed);
	fake_when_idle = NULL;
}

static void test_carried(void)
{
	nor_blank();
	boot();
	fake_ask("1 provision 31 70 7");
	fake_ask("2 link serial");
	fake_ask("3 server 127.0.0.1 80");
	typed = "5 reply 00 8\n"
		"6 seqn\n"
		"7 reply refused\n";
	fake_when_idle = carry;
	fake_ask("4 send 31");
	CHECK(strstr(fake_said, "\x1e{\"http\":{\"n\":") != NULL);
	CHECK(strstr(fake_said, ",\"host\":\"127.0.0.1\",\"port\":80,\"request\":\"504f5354202f646174612f31") != NULL); // POST /data/1
	CHECK(strstr(fake_said, "{\"id\":6,\"ok\":false,\"error\":\"busy\"") != NULL);
	CHECK(strstr(fake_said, "{\"id\":4,\"ok\":true,\"seqn\":7,\"outcome\":\"unknown\",\"attempts\":4,\"http\":0,") != NULL);
	ASK("8 reply timeout", "a reply came that nothing waits for\n");
}

void test_control(void)
{
	test_words();
	test_flash();
	test_carried();
}
