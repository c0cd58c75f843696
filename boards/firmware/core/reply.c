#include "reply.h"

#include "faults.h"
#include "json.h"
#include "text.h"

void reply_init(struct reply *r)
{
	memset(r, 0, sizeof *r);
}

static void broken(struct reply *r)
{
	r->state = REPLY_BROKEN;
}

// complete ends a reply. A 200 too large to be judged must not pass for a
// refusal: the message may well be stored.
static void complete(struct reply *r)
{
	r->state = r->status == 200 && r->total > REPLY_KEPT ? REPLY_BROKEN : REPLY_COMPLETE;
}

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

// header returns the value of the current line if that is its name, trimmed.
static bool header(const struct reply *r, const char *name, const uint8_t **value, size_t *n)
{
	size_t i = 0, end = r->line_len < REPLY_LINE ? r->line_len : REPLY_LINE;

	for (; name[i]; i++)
		if (i >= end || lower(r->line[i]) != (uint8_t)name[i])
			return false;
	if (i >= end || r->line[i++] != ':')
		return false;
	while (i < end && (r->line[i] == ' ' || r->line[i] == '\t'))
		i++;
	while (end > i && (r->line[end - 1] == ' ' || r->line[end - 1] == '\t'))
		end--;
	*value = r->line + i;
	*n = end - i;
	return true;
}

static bool is_chunked(const uint8_t *v, size_t n)
{
	static const char word[] = "chunked";

	if (n != sizeof word - 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(v[i]) != (uint8_t)word[i])
			return false;
	return true;
}

// status_line is HTTP/1.x, a space, three digits, then nothing or a space.
static void status_line(struct reply *r)
{
	const uint8_t *l = r->line;
	uint64_t status;

	if (r->line_len < 12 || memcmp(l, "HTTP/1.", 7) != 0 || (l[7] != '0' && l[7] != '1') || l[8] != ' ' ||
	    !parse_decimal(l + 9, 3, 599, &status) || status < 100 || (r->line_len > 12 && l[12] != ' ')) {
		broken(r);
		return;
	}
	r->status = (uint16_t)status;
	r->part = PART_HEADER;
}

// body_begins decides how the body is framed, by RFC 9112 section 6.3.
static void body_begins(struct reply *r)
{
	if (r->status < 200) { // an interim reply: the real one follows
		if (r->has_length || r->chunked)
			broken(r);
		r->status = 0;
		r->part = PART_STATUS;
	} else if (r->chunked && r->has_length) {
		broken(r);
	} else if (r->status == 204 || r->status == 304 || (r->has_length && r->length == 0)) {
		complete(r);
	} else if (r->has_length) {
		r->remaining = r->length;
		r->part = PART_LENGTH;
	} else {
		r->part = r->chunked ? PART_SIZE : PART_CLOSE;
	}
}

static void header_line(struct reply *r)
{
	const uint8_t *value;
	size_t n;
	uint64_t length;

	if (r->line_len == 0) {
		body_begins(r);
	} else if (header(r, "content-length", &value, &n)) {
		if (r->line_len > REPLY_LINE || !parse_decimal(value, n, REPLY_BODY, &length) ||
		    (r->has_length && length != r->length))
			broken(r);
		else
			r->has_length = true, r->length = (uint32_t)length;
	} else if (header(r, "transfer-encoding", &value, &n)) {
		if (r->line_len > REPLY_LINE || r->chunked || !is_chunked(value, n))
			broken(r);
		r->chunked = true;
	} else if (r->line[0] == ' ' || r->line[0] == '\t') {
		broken(r); // a folded line could hide either of the two
	}
}

// size_line is the size of a chunk in hex; an extension may follow a semicolon.
static void size_line(struct reply *r)
{
	size_t n = 0, end = r->line_len < REPLY_LINE ? r->line_len : REPLY_LINE;
	uint32_t size = 0;

	for (; n < end; n++) {
		uint8_t c = lower(r->line[n]);
		if (c >= '0' && c <= '9')
			size = size << 4 | (c - (uint32_t)'0');
		else if (c >= 'a' && c <= 'f')
			size = size << 4 | (c - (uint32_t)'a' + 10);
		else
			break;
		if (size > REPLY_BODY) {
			broken(r);
			return;
		}
	}
	if (n == 0 || (n < end && r->line[n] != ';' && r->line[n] != ' ')) {
		broken(r);
		return;
	}
	r->remaining = size;
	r->part = size > 0 ? PART_CHUNK : PART_TRAILER;
}

static void line(struct reply *r)
{
	switch (r->part) {
	case PART_STATUS:
		status_line(r);
		break;
	case PART_HEADER:
		header_line(r);
		break;
	case PART_SIZE:
		size_line(r);
		break;
	case PART_CHUNKED:
		if (r->line_len != 0)
			broken(r);
		r->part = PART_SIZE;
		break;
	default:
		if (r->line_len == 0)
			complete(r);
	}
	r->line_len = 0;
}

// line_byte collects a line up to CR LF. A lone CR or LF is no line end: two
// readers that disagree on where a header stops are how replies are smuggled.
static void line_byte(struct reply *r, uint8_t byte)
{
	if (++r->head > REPLY_HEAD) {
		broken(r);
	} else if (r->cr) {
		r->cr = false;
		if (byte == '\n')
			line(r);
		else
			broken(r);
	} else if (byte == '\n') {
		broken(r);
	} else if (byte == '\r') {
		r->cr = true;
	} else {
		if (r->line_len < REPLY_LINE)
			r->line[r->line_len] = byte;
		r->line_len++;
	}
}

static void body_byte(struct reply *r, uint8_t byte)
{
	if (++r->total > REPLY_BODY) {
		broken(r);
		return;
	}
	if (r->body_len < REPLY_KEPT)
		r->body[r->body_len++] = byte;
	if (r->part == PART_CLOSE || --r->remaining > 0)
		return;
	if (r->part == PART_CHUNK)
		r->part = PART_CHUNKED;
	else
		complete(r);
}

void reply_byte(struct reply *r, uint8_t byte)
{
	if (r->state != REPLY_READING)
		return;
	if (r->part == PART_LENGTH || r->part == PART_CLOSE || r->part == PART_CHUNK)
		body_byte(r, byte);
	else
		line_byte(r, byte);
}

void reply_end(struct reply *r)
{
	if (r->state != REPLY_READING)
		return;
	if (PLANTED(FAULT_HALF_REPLY) && r->part > PART_HEADER)
		r->state = REPLY_COMPLETE;
	else if (r->part == PART_CLOSE && (r->status != 200 || json_valid(r->body, r->body_len)))
		complete(r);
	else
		broken(r);
}

bool reply_accepts(const struct reply *r)
{
	if (r->state != REPLY_COMPLETE || (r->status != 200 && !PLANTED(FAULT_STATUS_IGNORED)))
		return false;
	if (PLANTED(FAULT_OK_SUBSTRING))
		for (size_t i = 0; i + 1 < r->body_len; i++)
			if (r->body[i] == 'O' && r->body[i + 1] == 'K')
				return true;
	return json_member_is(r->body, r->body_len, "status", "OK");
}
