package main

import "github.com/espalier-hil/espalier/vectors"

// measured is a good request but for how it states its length.
func measured(line string) string { return postLine + hostLine + jsonLine + line + "\r\n" + body }

// lengths are statements of the body's length.
var lengths = []conversation{
	{"length-short", "fewer bytes are announced than follow", "Length", "high", bounds, nil, one(measured("Content-Length: ${LENGTH-2}\r\n"), rejects), halfClose},
	{"length-long", "more bytes are announced than follow, then the end", "Length", "critical", bounds, nil, one(measured("Content-Length: ${LENGTH+1}\r\n"), rejects), halfClose},
	{"length-long-cut", "the connection ends in the message", "Length", "critical", bounds, nil, one(postLine+hostLine+jsonLine+"Content-Length: ${LENGTH+20}\r\n\r\n"+`{"msg":"${MSG}`, rejects), halfClose},
	{"length-zero", "no byte is announced", "Length", "high", bounds, nil, one(measured("Content-Length: 0\r\n"), rejects), halfClose},
	{"length-missing", "neither a length nor chunks: no body", "Length", "high", bounds, nil, one(measured(""), rejects), halfClose},
	{"length-negative", "a length below zero", "Length", "high", bounds, nil, one(measured("Content-Length: -1\r\n"), rejects), halfClose},
	{"length-plus", "a length with a sign", "Length", "low", bounds, nil, one(measured("Content-Length: +${LENGTH}\r\n"), either), halfClose},
	{"length-hex", "a length in hexadecimal", "Length", "medium", bounds, nil, one(measured("Content-Length: 0x80\r\n"), rejects), halfClose},
	{"length-text", "a length that is none", "Length", "medium", bounds, nil, one(measured("Content-Length: many\r\n"), rejects), halfClose},
	{"length-fraction", "a length with a fraction", "Length", "medium", bounds, nil, one(measured("Content-Length: ${LENGTH}.0\r\n"), rejects), halfClose},
	{"length-2-64", "2^64 and what follows: in 64 bits, it wraps", "Length", "high", bounds, nil, one(measured("Content-Length: 18446744073709551700\r\n"), rejects), halfClose},
	{"length-2-40", "a terabyte is announced", "Size", "high", bounds, nil, one(measured("Content-Length: 1099511627776\r\n"), rejects), halfClose},
	{"length-twice", "the same length twice", "Length", "low", bounds, nil, one(measured("Content-Length: ${LENGTH}\r\nContent-Length: ${LENGTH}\r\n"), either), nil},
	{"length-list", "the same length twice in one line", "Length", "low", bounds, nil, one(measured("Content-Length: ${LENGTH}, ${LENGTH}\r\n"), either), halfClose},
	{"length-twice-differ", "two lengths that differ", "Smuggling", "high", bounds, nil, one(measured("Content-Length: ${LENGTH}\r\nContent-Length: 5\r\n"), rejects), halfClose},
	{"length-and-chunks", "a length and chunks that agree", "Smuggling", "medium", bounds, nil,
		one(postLine+hostLine+jsonLine+lengthLine+chunkLine+"\r\n${CHUNKED:65536}"+body+"${END}", either), nil},
	{"length-and-chunks-second", "behind the last chunk, within the length, another request", "Smuggling", "high", bounds, nil,
		two(postLine+hostLine+jsonLine+"Content-Length: ${LENGTH+400}\r\n"+chunkLine+"\r\n0\r\n\r\n", rejects, chunkHead+"${CHUNKED:65536}"+body+"${END}", either), pipelined},
	{"chunks-misspelt", "chunked with a letter too many, and a length", "Smuggling", "medium", bounds, nil,
		one(postLine+hostLine+jsonLine+lengthLine+"Transfer-Encoding: xchunked\r\n\r\n"+body, either), halfClose},
	{"chunks-space-before-colon", "a space before the colon, and a length", "Smuggling", "medium", bounds, nil,
		one(postLine+hostLine+jsonLine+lengthLine+"Transfer-Encoding : chunked\r\n\r\n"+body, either), halfClose},
}

// chunks are bodies in chunks.
var chunks = []conversation{
	{"chunked", "in one chunk", "Chunked", "critical", framing, nil, one(chunkHead+"${CHUNKED:65536}"+body+"${END}", accepted), nil},
	{"chunked-16", "in chunks of 16 bytes", "Chunked", "critical", framing, nil, one(chunkHead+"${CHUNKED:16}"+body+"${END}", accepted), nil},
	{"chunked-bytewise", "in chunks of one byte, each byte in a packet of its own", "Chunked", "high", framing, nil, one(chunkHead+"${CHUNKED:1}"+body+"${END}", accepted), bytewise},
	{"chunked-upper-case", "names of codings have no case", "Chunked", "medium", framing, nil,
		one(postLine+hostLine+jsonLine+"Transfer-Encoding: Chunked\r\n\r\n${CHUNKED:65536}"+body+"${END}", rather), nil},
	{"chunked-extension", "a chunk with an extension, which is ignored", "Chunked", "medium", framing, nil, one(chunkHead+"1;a=b\r\n{\r\n${CHUNKED:65536}\"msg\":\"${MSG}\"}${END}", accepted), nil},
	{"chunked-zeros", "a size with zeros before it", "Chunked", "low", framing, nil, one(chunkHead+"0001\r\n{\r\n${CHUNKED:65536}\"msg\":\"${MSG}\"}${END}", rather), nil},
	{"chunked-trailer", "lines after the last chunk", "Chunked", "medium", framing, nil, one(chunkHead+"${CHUNKED:65536}"+body+"${END:X-Checksum: 7}", rather), nil},
	{"chunked-keep-alive", "and another request on the same connection", "Chunked", "high", framing, nil, two(chunkHead+"${CHUNKED:7}"+body+"${END}", accepted, good2, accepted), nil},
	{"chunked-size-wrong", "a size that is no number", "Chunked", "high", bounds, nil, one(chunkHead+"zz\r\n"+body+"\r\n0\r\n\r\n", rejects), halfClose},
	{"chunked-size-negative", "a size below zero", "Chunked", "high", bounds, nil, one(chunkHead+"-1\r\n"+body+"\r\n0\r\n\r\n", rejects), halfClose},
	{"chunked-size-huge", "a size of 2^64-1", "Chunked", "high", bounds, nil, one(chunkHead+"ffffffffffffffff\r\n"+body+"\r\n0\r\n\r\n", rejects), halfClose},
	{"chunked-size-2-64", "a size of 2^64 and one: in 64 bits, it wraps", "Chunked", "high", bounds, nil, one(chunkHead+"10000000000000001\r\n"+body+"\r\n0\r\n\r\n", rejects), halfClose},
	{"chunked-short", "a chunk longer than its size", "Chunked", "high", bounds, nil, one(chunkHead+"5\r\n"+body+"\r\n0\r\n\r\n", rejects), halfClose},
	{"chunked-no-end", "no last chunk, then the end of the connection", "Chunked", "critical", bounds, nil, one(chunkHead+"7\r\n{\"msg\":\r\n"+"1\r\n7\r\n1\r\n}\r\n", rejects), halfClose},
	{"chunked-whole-no-end", "the whole body, but no last chunk, then the end of the connection", "Chunked", "critical", bounds, nil, one(chunkHead+"${CHUNKED:65536}"+body+"${CUT}", rejects), halfClose},
}

// large are more than a device would send.
var large = []conversation{
	{"size-4-kib", "a body of 4 KiB", "Size", "high", []string{"REQ-HTTP-002", "REQ-HTTP-003"}, nil, one(head+`{"x":"${REPEAT:4096:x}","msg":"${MSG}"}`, accepted), nil},
	{"size-1-mib", "a body of 1 MiB, well made", "Size", "high", bounds, nil, one(head+`{"x":"${REPEAT:1048576:x}","msg":"${MSG}"}`, either), nil},
	{"size-10-mib", "a body of 10 MiB, well made", "Size", "critical", bounds, nil, one(head+`{"x":"${REPEAT:10485760:x}","msg":"${MSG}"}`, rejects), nil},
	{"size-10-mib-msg", "a message of 10 MiB", "Size", "high", bounds, nil, one(head+`{"msg":"${REPEAT:10485760:A}"}`, rejects), nil},
	{"size-10-mib-chunked", "the same in chunks, whose sum nobody announced", "Size", "high", bounds, nil, one(chunkHead+`${CHUNKED:65536}{"msg":"${REPEAT:10485760:A}"}${END}`, rejects), nil},
	{"size-header-64-kib", "a line of 64 KiB in the header", "Size", "medium", bounds, nil, one(with("X: ${REPEAT:65536:x}\r\n"), either), nil},
	{"size-header-1-mib", "a line of 1 MiB in the header", "Size", "high", bounds, nil, one(with("X: ${REPEAT:1048576:x}\r\n"), either), nil},
	{"size-header-lines", "10,000 lines in the header", "Size", "medium", bounds, nil, one(with("${REPEAT:10000:X: y\r\n}"), either), nil},
	{"size-path-64-kib", "a path of 64 KiB", "Size", "high", bounds, nil, one("POST ${BASE}/${REPEAT:65536:x} HTTP/1.1\r\n"+hostLine+jsonLine+lengthLine+"\r\n"+body, rejects), nil},
}

// odd is HTTP that is not quite HTTP.
var odd = []conversation{
	{"version-1-0", "HTTP/1.0", "Grammar", "medium", bounds, nil, one("POST ${BASE}/${DEVICE} HTTP/1.0\r\n"+hostLine+jsonLine+lengthLine+"\r\n"+body, rather), nil},
	{"version-1-0-no-host", "HTTP/1.0 without Host, which it did not have yet", "Grammar", "low", bounds, nil, one("POST ${BASE}/${DEVICE} HTTP/1.0\r\n"+jsonLine+lengthLine+"\r\n"+body, rather), nil},
	{"version-9-9", "a version that there is not", "Grammar", "low", bounds, nil, one("POST ${BASE}/${DEVICE} HTTP/9.9\r\n"+hostLine+jsonLine+lengthLine+"\r\n"+body, either), nil},
	{"version-2", "the preface of HTTP/2, then its first frame", "Grammar", "medium", bounds, nil, one("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${HEX:000000040000000000}", rejects), halfClose},
	{"tls", "the beginning of TLS", "Grammar", "medium", bounds, nil, one("${HEX:1603010200010001fc0303}${REPEAT:64:x}\r\n\r\n", rejects), halfClose},
	{"host-missing", "no Host", "Grammar", "low", bounds, nil, one("POST ${BASE}/${DEVICE} HTTP/1.1\r\n"+jsonLine+lengthLine+"\r\n"+body, either), nil},
	{"host-twice", "two Hosts", "Grammar", "low", bounds, nil, one(with("Host: elsewhere.example\r\n"), either), nil},
	{"host-other", "the name of another host", "Grammar", "low", bounds, nil, one("POST ${BASE}/${DEVICE} HTTP/1.1\r\nHost: elsewhere.example\r\n"+jsonLine+lengthLine+"\r\n"+body, rather), nil},
	{"line-feeds", "lines that end in a line feed alone", "Grammar", "low", bounds, nil, one("POST ${BASE}/${DEVICE} HTTP/1.1\nHost: ${HOST}\nContent-Type: application/json\nContent-Length: ${LENGTH}\n\n"+body, either), halfClose},
	{"empty-lines-first", "an empty line before the request", "Grammar", "low", bounds, nil, one("\r\n"+good, rather), nil},
	{"header-no-colon", "a line of the header without a colon", "Grammar", "low", bounds, nil, one(with("nonsense\r\n"), either), nil},
	{"header-folded", "a value that goes on in the next line", "Grammar", "low", bounds, nil, one(with("X: a\r\n b\r\n"), either), nil},
	{"header-nul", "a NUL in a value", "Grammar", "medium", bounds, nil, one(with("X: a${HEX:00}b\r\n"), either), nil},
	{"header-bytes", "bytes beyond ASCII in a value", "Grammar", "low", bounds, nil, one(with("X: ${HEX:c3a4ff}\r\n"), either), nil},
	{"request-line-empty", "a line of spaces", "Grammar", "low", bounds, nil, one("   \r\n\r\n", rejects), halfClose},
	{"request-line-words", "a request line of one word", "Grammar", "medium", bounds, nil, one("POST\r\n\r\n", rejects), halfClose},
	{"request-line-long", "four words in the request line", "Grammar", "medium", bounds, nil, one("POST ${BASE}/${DEVICE} x HTTP/1.1\r\n"+hostLine+jsonLine+lengthLine+"\r\n"+body, rejects), halfClose},
	{"request-line-tab", "a tab in place of a space", "Grammar", "low", bounds, nil, one("POST\t${BASE}/${DEVICE} HTTP/1.1\r\n"+hostLine+jsonLine+lengthLine+"\r\n"+body, either), halfClose},
	{"garbage", "bytes that are nothing", "Grammar", "medium", bounds, nil, one("${HEX:00ff10e28080fe}${REPEAT:100:zq}\r\n\r\n", rejects), halfClose},
	{"nothing", "a connection that says nothing and ends", "Grammar", "medium", bounds, nil, one("${HEX:}", []string{vectors.Closed, vectors.Refused}), halfClose},
	{"upgrade", "an offer to change the protocol", "Grammar", "low", bounds, nil, one(with("Connection: Upgrade\r\nUpgrade: websocket\r\n"), rather), nil},
}

// unfinished requests wait for what does not come.
var unfinished = []conversation{
	{"unended-line", "half a request line, then nothing", "Unended", "high", bounded, nil, one("POST ${BASE}", rejects), silent},
	{"unended-header", "half a header, then nothing", "Unended", "high", bounded, nil, one(postLine+hostLine+"Content-Ty", rejects), silent},
	{"unended-body", "half a body, then nothing", "Unended", "high", bounded, nil, one(measured("Content-Length: ${LENGTH+20}\r\n"), rejects), silent},
	{"unended-chunk", "half a chunk, then nothing", "Unended", "high", bounded, nil, one(chunkHead+"7f\r\n{\"msg\":", rejects), silent},
}
