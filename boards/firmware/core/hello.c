#include "hello.h"

#include "hal.h"
#include "image.h"
#include "record.h"
#include "text.h"

#define VERSION "0.1.0"

static void mac(void)
{
	uint8_t mac[6], text[17];

	hal_mac(mac);
	for (int i = 0; i < 6; i++) {
		text[3 * i] = (uint8_t)hex_digit(mac[i] >> 4);
		text[3 * i + 1] = (uint8_t)hex_digit(mac[i]);
		if (i < 5)
			text[3 * i + 2] = ':';
	}
	record_text("mac", (struct bytes){text, sizeof text});
}

static void limits(void)
{
	record_object("limits");
	record_number("line", LIMIT_LINE);
	record_number("data", LIMIT_DATA);
	record_number("id", LIMIT_ID);
	record_number("pass", LIMIT_PASS);
	record_end();
}

void hello_write(const struct store *store, struct bytes nonce)
{
	static const char *const links[] = {"virtual", "serial"};
	static const char *const states[] = {"ok", "empty", "damaged"};
	uint8_t digest[MD5_SIZE];
	uint32_t size = image_digest((struct bytes){0}, digest);

	record_object("hello");
	record_number("proto", 1);
	record_string("fw", "espalier-ref");
	record_string("version", VERSION);
	mac();
	record_number("boots", hal_boots());
	record_number("cause", hal_cause());
	record_hex("nonce", nonce);
	record_hex("digest", (struct bytes){digest, sizeof digest});
	record_number("size", size);
	record_strings("links", links, sizeof links / sizeof links[0]);
	limits();
	record_hex("device", store_id(store));
	if (store->log.found)
		record_number("next", store->log.next);
	else
		record_null("next");
	record_string("store", states[store->state]);
	record_end();
}
