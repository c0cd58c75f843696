// Reads payloads with cJSON, one question and one answer a line, both JSON:
//
//     {"reader": "double", "next": "121", "text": "7b…"}
//     {"accept": true, "next": "122", "data": "{\"value\":300}"}
//
// The reader called double looks at SEQN's type and at its valuedouble; int,
// as much code does, takes valueint of whatever there is.

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// unhex returns the bytes of a text in hexadecimal, and a NUL.
static char *unhex(const char *hex)
{
	size_t n = strlen(hex) / 2;
	char *p = malloc(n + 1);
	for (size_t i = 0; i < n; i++) {
		unsigned c;
		sscanf(hex + 2 * i, "%2x", &c);
		p[i] = (char)c;
	}
	p[n] = 0;
	return p;
}

// take prints that a reading was taken.
static void take(const char *next, const cJSON *data)
{
	cJSON *answer = cJSON_CreateObject();
	char *text = cJSON_PrintUnformatted(data), *line;
	cJSON_AddBoolToObject(answer, "accept", 1);
	cJSON_AddStringToObject(answer, "next", next);
	cJSON_AddStringToObject(answer, "data", text ? text : "no text");
	line = cJSON_PrintUnformatted(answer);
	puts(line);
	free(line);
	free(text);
	cJSON_Delete(answer);
}

static int as_double(const cJSON *seqn, double next, char *after, size_t room)
{
	if (!cJSON_IsNumber(seqn) || !(seqn->valuedouble >= next))
		return 0;
	double n = seqn->valuedouble + 1;
	if (isinf(n))
		snprintf(after, room, "Infinity");
	else
		snprintf(after, room, n == floor(n) ? "%.0f" : "%.17g", n);
	return 1;
}

static int as_int(const cJSON *seqn, double next, char *after, size_t room)
{
	if (seqn->valueint < next)
		return 0;
	snprintf(after, room, "%lld", seqn->valueint + 1LL);
	return 1;
}

int main(void)
{
	static char line[1 << 20];
	while (fgets(line, sizeof line, stdin)) {
		cJSON *question = cJSON_Parse(line);
		const char *reader = cJSON_GetObjectItem(question, "reader")->valuestring;
		double next = strtod(cJSON_GetObjectItem(question, "next")->valuestring, NULL);
		char *text = unhex(cJSON_GetObjectItem(question, "text")->valuestring);

		char after[400];
		cJSON *m = cJSON_Parse(text);
		const cJSON *seqn = cJSON_GetObjectItem(m, "SEQN"), *data = cJSON_GetObjectItem(m, "data");
		if (seqn && data && (strcmp(reader, "int") ? as_double : as_int)(seqn, next, after, sizeof after))
			take(after, data);
		else
			puts("{\"accept\":false}");
		cJSON_Delete(m);
		free(text);
		cJSON_Delete(question);
	}
}
