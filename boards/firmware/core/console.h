// Lines from the host.
#ifndef CONSOLE_H
#define CONSOLE_H

#include "limits.h"
#include "mem.h"

// line is the console's only one: text is overwritten by the next.
struct line {
	uint8_t *text; // without LF or CR LF
	size_t n;
	bool too_long; // text is its beginning
};

// console_line waits for a line, at most that many milliseconds; 0 is without
// end. A line begun stays begun. False means that time was up.
bool console_line(struct line *line, uint32_t ms);

#endif
