// Records to the host: JSON text sequences (RFC 7464), one object each, between
// RS and LF. Everything else on the line is log.
#ifndef RECORD_H
#define RECORD_H

#include "envelope.h"

void record_open(void);
void record_close(void);

// Members, in the order in which they are called. record_object opens an object
// under a name until record_end.
void record_object(const char *name);
void record_end(void);
void record_number(const char *name, uint64_t v);
void record_bool(const char *name, bool v);
void record_null(const char *name);
void record_text(const char *name, struct bytes text); // printable ASCII without quotes
void record_string(const char *name, const char *text);
void record_hex(const char *name, struct bytes bytes);
void record_strings(const char *name, const char *const *texts, size_t n);

// log_text writes to the log.
void log_text(const char *text);

#endif
