#include "record.h"

#include "hal.h"
#include "text.h"

static bool first;

static void put(struct bytes text)
{
	for (size_t i = 0; i < text.n; i++)
		hal_console_write(text.at[i]);
}

void log_text(const char *text)
{
	put((struct bytes){(const uint8_t *)text, strlen(text)});
}

static void quoted(struct bytes text)
{
	hal_console_write('"');
	put(text);
	hal_console_write('"');
}

static void name_of(const char *name)
{
	if (!first)
		hal_console_write(',');
	first = false;
	quoted((struct bytes){(const uint8_t *)name, strlen(name)});
	hal_console_write(':');
}

void record_open(void)
{
	log_text("\x1e{");
	first = true;
}

void record_close(void)
{
	log_text("}\n");
}

void record_object(const char *name)
{
	name_of(name);
	hal_console_write('{');
	first = true;
}

void record_end(void)
{
	hal_console_write('}');
	first = false;
}

void record_number(const char *name, uint64_t v)
{
	uint8_t digits[DECIMAL_SIZE];

	name_of(name);
	put((struct bytes){digits, decimal(digits, v)});
}

void record_bool(const char *name, bool v)
{
	name_of(name);
	log_text(v ? "true" : "false");
}

void record_null(const char *name)
{
	name_of(name);
	log_text("null");
}

void record_text(const char *name, struct bytes text)
{
	name_of(name);
	quoted(text);
}

void record_string(const char *name, const char *text)
{
	record_text(name, (struct bytes){(const uint8_t *)text, strlen(text)});
}

void record_hex(const char *name, struct bytes bytes)
{
	name_of(name);
	hal_console_write('"');
	for (size_t i = 0; i < bytes.n; i++) {
		hal_console_write((uint8_t)hex_digit(bytes.at[i] >> 4));
		hal_console_write((uint8_t)hex_digit(bytes.at[i]));
	}
	hal_console_write('"');
}

void record_strings(const char *name, const char *const *texts, size_t n)
{
	name_of(name);
	for (size_t i = 0; i < n; i++) {
		hal_console_write(i == 0 ? '[' : ',');
		quoted((struct bytes){(const uint8_t *)texts[i], strlen(texts[i])});
	}
	hal_console_write(']');
}
