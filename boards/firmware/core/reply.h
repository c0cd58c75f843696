// The HTTP reply, read byte by byte, by a reader that believes nothing.
//
// A reply is complete when its status line, its headers and its body, as
// framed by Content-Length, by chunks or by the end of the connection, came
// whole and well-formed. Everything is bounded: a reply that is larger, or that
// is framed in two ways at once, is broken, and a broken reply says nothing.
#ifndef REPLY_H
#define REPLY_H

#include "mem.h"

enum {
	REPLY_LINE = 128,    // bytes kept of a line; longer header values are skipped
	REPLY_HEAD = 8192,   // bytes of status lines and headers, trailers included
	REPLY_KEPT = 1024,   // bytes kept of a body
	REPLY_BODY = 65536,  // bytes of a body that is read to its end
};

enum reply_state { REPLY_READING, REPLY_COMPLETE, REPLY_BROKEN };

enum reply_part {
	PART_STATUS, // status line
	PART_HEADER,
	PART_LENGTH,  // body by Content-Length
	PART_CLOSE,   // body until the connection ends
	PART_SIZE,    // chunk size line
	PART_CHUNK,   // chunk data
	PART_CHUNKED, // the line end after chunk data
	PART_TRAILER,
};

struct reply {
	enum reply_state state;
	enum reply_part part;
	uint16_t status; // 0 until a final status line came
	bool has_length, chunked, cr;
	uint32_t length;    // Content-Length
	uint32_t remaining; // of the body or of the chunk
	uint32_t head, total; // bytes so far
	uint16_t line_len; // of the current line, what is not kept included
	uint16_t body_len; // bytes kept
	uint8_t line[REPLY_LINE];
	uint8_t body[REPLY_KEPT];
};

void reply_init(struct reply *r);

// reply_byte takes the next byte; what comes after the end is ignored.
void reply_byte(struct reply *r, uint8_t byte);

// reply_end says that the peer closed the connection in order. A 200 framed by
// nothing but that is complete only if its body is a whole JSON text.
void reply_end(struct reply *r);

// reply_accepts tells whether a complete reply is 200 with a JSON object whose
// "status" is exactly "OK".
bool reply_accepts(const struct reply *r);

#endif
