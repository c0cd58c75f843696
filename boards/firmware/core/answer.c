#include "answer.h"

#include "record.h"

void answer_ok(uint32_t id)
{
	record_open();
	record_number("id", id);
	record_bool("ok", true);
}

void answer_error(uint32_t id, const char *code, const char *detail)
{
	record_open();
	record_number("id", id);
	record_bool("ok", false);
	record_string("error", code);
	record_string("detail", detail);
	record_close();
}
