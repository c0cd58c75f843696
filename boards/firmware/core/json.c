#include "json.h"

#include "utf8.h"

struct cursor {
	const uint8_t *at, *end;
};

struct span {
	const uint8_t *start, *end;
};

// member is what json_member looks for on the way, if anything.
struct member {
	const char *name;
	int found;
	struct json_value value; // of the last one found
};

static bool take(struct cursor *c, uint8_t byte)
{
	if (c->at == c->end || *c->at != byte)
		return false;
	c->at++;
	return true;
}

static void space(struct cursor *c)
{
	while (c->at < c->end && (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r'))
		c->at++;
}

static bool word(struct cursor *c, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(c->end - c->at) < n || memcmp(c->at, text, n) != 0)
		return false;
	c->at += n;
	return true;
}

static bool digits(struct cursor *c)
{
	const uint8_t *start = c->at;

	while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
		c->at++;
	return c->at > start;
}

static bool number(struct cursor *c)
{
	take(c, '-');
	if (!take(c, '0') && !digits(c))
		return false;
	if (take(c, '.') && !digits(c))
		return false;
	if (take(c, 'e') || take(c, 'E')) {
		if (!take(c, '+'))
			take(c, '-');
		return digits(c);
	}
	return true;
}

// hex4 returns the value of the four digits of a \u escape, or -1.
static int hex4(const uint8_t *p, const uint8_t *end)
{
	int v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		uint8_t d = p[i], lower = d | 0x20;
		if (d >= '0' && d <= '9')
			v = v << 4 | (d - '0');
		else if (lower >= 'a' && lower <= 'f')
			v = v << 4 | (lower - 'a' + 10);
		else
			return -1;
	}
	return v;
}

static bool escape(struct cursor *c)
{
	static const char simple[] = "\"\\/bfnrt";

	if (take(c, 'u')) {
		if (hex4(c->at, c->end) < 0)
			return false;
		c->at += 4;
		return true;
	}
	for (const char *s = simple; *s; s++)
		if (take(c, (uint8_t)*s))
			return true;
	return false;
}

// string takes a string with its quotes and returns what lies between them.
static bool string(struct cursor *c, struct span *text)
{
	if (!take(c, '"'))
		return false;
	text->start = c->at;
	while (c->at < c->end) {
		text->end = c->at;
		if (take(c, '"'))
			return true;
		if (take(c, '\\')) {
			if (!escape(c))
				return false;
		} else {
			size_t n = *c->at < 0x20 ? 0 : utf8_length(c->at, c->end);
			if (n == 0)
				return false;
			c->at += n;
		}
	}
	return false;
}

// means takes the next byte of a string and returns what it means, so that
// "\u004fK" is OK, too; -1 for a control character.
static int means(struct span *text)
{
	int c = *text->start++;

	if (c == '\\') {
		c = *text->start++;
		if (c == 'u') {
			c = hex4(text->start, text->end);
			text->start += 4;
		} else if (c != '"' && c != '\\' && c != '/') {
			return -1;
		}
	}
	return c < 0x20 ? -1 : c;
}

static bool string_is(struct span text, const char *want)
{
	for (; *want; want++)
		if (text.start == text.end || means(&text) != *want)
			return false;
	return text.start == text.end;
}

// key takes "name": and tells whether the value after it is the one looked for.
static bool key(struct cursor *c, const struct member *m, unsigned depth, bool *wanted)
{
	struct span name;

	space(c);
	if (!string(c, &name))
		return false;
	*wanted = m && depth == 1 && string_is(name, m->name);
	space(c);
	return take(c, ':');
}

static bool scalar(struct cursor *c)
{
	struct span text;

	if (c->at < c->end && *c->at == '"')
		return string(c, &text);
	return word(c, "true") || word(c, "false") || word(c, "null") || number(c);
}

// walk goes through one value without recursion: a reply must not be able to
// choose how much stack is used. Bit d-1 of objects tells whether the container
// at depth d is an object.
static bool walk(struct cursor *c, struct member *m)
{
	uint32_t objects = 0;
	unsigned depth = 0;
	bool wanted = false;

	for (;;) {
		bool object, opened;
		const uint8_t *start;
		space(c);
		start = c->at;
		object = take(c, '{');
		opened = object || take(c, '[');
		if (opened) {
			if (depth == JSON_DEPTH)
				return false;
			objects = (objects & ~(UINT32_C(1) << depth)) | (uint32_t)object << depth;
			depth++;
		} else if (!scalar(c)) {
			return false;
		}
		if (wanted) {
			m->found++;
			m->value = (struct json_value){start, opened ? 0 : (size_t)(c->at - start)};
		}
		wanted = false;
		while (depth > 0) {
			bool in_object = objects >> (depth - 1) & 1;
			space(c);
			if (take(c, in_object ? '}' : ']')) {
				depth--;
				opened = false;
				continue;
			}
			if (!opened && !take(c, ','))
				return false;
			if (in_object && !key(c, m, depth, &wanted))
				return false;
			break;
		}
		if (depth == 0)
			break;
	}
	space(c);
	return c->at == c->end;
}

bool json_valid(const uint8_t *text, size_t n)
{
	struct cursor c = {text, text + n};

	return walk(&c, NULL);
}

int json_member(const uint8_t *text, size_t n, const char *name, struct json_value *value)
{
	struct cursor c = {text, text + n};
	struct member m = {.name = name};

	space(&c);
	if (c.at == c.end || *c.at != '{' || !walk(&c, &m))
		return -1;
	if (m.found == 1)
		*value = m.value;
	return m.found;
}

// inside returns what lies between the quotes of a string.
static bool inside(struct json_value value, struct span *text)
{
	*text = (struct span){value.at + 1, value.at + value.n - 1};
	return value.n > 1 && value.at[0] == '"';
}

bool json_member_is(const uint8_t *text, size_t n, const char *name, const char *value)
{
	struct json_value found;
	struct span string;

	return json_member(text, n, name, &found) == 1 && inside(found, &string) && string_is(string, value);
}

int json_string(uint8_t *to, size_t max, struct json_value value)
{
	struct span string;
	size_t n = 0;

	if (!inside(value, &string))
		return -1;
	while (string.start < string.end) {
		int c = means(&string);
		if (c < 0 || c > 0x7e || n == max)
			return -1;
		to[n++] = (uint8_t)c;
	}
	return (int)n;
}
