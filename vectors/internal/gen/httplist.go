package main

import (
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// wellMade are requests that every backend accepts, in whatever packets.
var wellMade = []conversation{
	{"plain", "a request as a device sends it", "WellMade", "critical", framing, nil, one(good, accepted), nil},
	{"header-names-lower-case", "names in a header have no case", "WellMade", "high", framing, nil,
		one("POST ${BASE}/${DEVICE} HTTP/1.1\r\nhost: ${HOST}\r\ncontent-type: application/json\r\ncontent-length: ${LENGTH}\r\n\r\n"+body, accepted), nil},
	{"header-spaces", "spaces around values do not count", "WellMade", "medium", framing, nil,
		one("POST ${BASE}/${DEVICE} HTTP/1.1\r\nHost:${HOST}\r\nContent-Type: \t application/json \t\r\nContent-Length:   ${LENGTH}  \r\n\r\n"+body, accepted), nil},
	{"header-others", "lines that mean nothing to a backend", "WellMade", "high", framing, nil,
		one(with("User-Agent: ESP8266HTTPClient\r\nAccept: */*\r\nConnection: close\r\nX-Request-Id: 7\r\n"), accepted), nil},
	{"split-bytewise", "each byte in a packet of its own", "Split", "critical", framing, nil, one(good, accepted), bytewise},
	{"split-before-body", "header and body apart, as many devices send them", "Split", "critical", framing, nil, one(head+"${FLUSH}"+body, accepted), nil},
	{"split-in-method", "a packet ends in the method", "Split", "high", framing, nil, one(strings.Replace(good, "POST", "PO${FLUSH}ST", 1), accepted), nil},
	{"split-in-path", "a packet ends in the path", "Split", "high", framing, nil, one(strings.Replace(good, "/${DEVICE}", "/${FLUSH}${DEVICE}", 1), accepted), nil},
	{"split-between-cr-and-lf", "a packet ends in the middle of a line's end", "Split", "high", framing, nil, one(strings.Replace(good, "\r\n", "\r${FLUSH}\n", 1), accepted), nil},
	{"split-in-empty-line", "a packet ends in the middle of the header's end", "Split", "high", framing, nil, one(postLine+hostLine+jsonLine+lengthLine+"\r${FLUSH}\n"+body, accepted), nil},
	{"split-in-length", "a packet ends in the name of Content-Length", "Split", "high", framing, nil, one(strings.Replace(good, "Content-Len", "Content-Len${FLUSH}", 1), accepted), nil},
	{"split-in-msg", "a packet ends in the message", "Split", "critical", framing, nil, one(head+`{"msg":"${MSG:split}"}`, accepted), nil},
	{"split-last-byte", "the last byte comes by itself", "Split", "critical", framing, nil, one(head+`{"msg":"${MSG}"${FLUSH}}`, accepted), nil},
	{"continue", "the body is sent once the backend has asked for it", "Continue", "high", framing, nil,
		one(postLine+hostLine+jsonLine+lengthLine+"Expect: 100-continue\r\n\r\n${CONTINUE}"+body, accepted), nil},
	{"continue-at-once", "the body is sent without waiting", "Continue", "medium", framing, nil, one(with("Expect: 100-continue\r\n"), accepted), nil},
	{"continue-unknown", "something else is expected", "Continue", "low", framing, nil, one(with("Expect: 200-maybe\r\n"), rather), nil},
}

// kept are connections with more than one request.
var kept = []conversation{
	{"keep-alive", "a second request after the first was answered", "KeepAlive", "critical", framing, nil, two(good, accepted, good2, accepted), nil},
	{"keep-alive-after-refusal", "a second request after the first was refused", "KeepAlive", "high", append([]string{"REQ-SEQ-010"}, framing...), nil, two(unreadable, rejects, good, accepted), nil},
	{"keep-alive-after-replay", "a message, the same once more, and the next", "KeepAlive", "high", append([]string{"REQ-SEQ-001"}, framing...),
		[]vectors.Stage{vectors.StageSEQNReplay}, append(two(good, accepted, good, rejects), one(good2, accepted)...), nil},
	{"pipelined", "two requests at once: answered in their order", "KeepAlive", "high", framing, nil, two(good, accepted, good2, []string{vectors.Accepted, vectors.Closed}), pipelined},
	{"pipelined-replay", "the same message twice at once", "KeepAlive", "critical", append([]string{"REQ-SEQ-001"}, framing...),
		[]vectors.Stage{vectors.StageSEQNReplay}, two(good, accepted, good, rejects), pipelined},
	{"pipelined-after-refusal", "a refusal, then a good one, at once", "KeepAlive", "medium", framing, nil, two(unreadable, rejects, good, []string{vectors.Accepted, vectors.Closed}), pipelined},
}

// contents are content types.
var contents = []conversation{
	{"type-parameter", "application/json with a character set", "Type", "high", bounds, nil, one(typed("Content-Type: application/json; charset=utf-8\r\n"), accepted), nil},
	{"type-parameter-no-space", "the same without a space, and quoted", "Type", "medium", bounds, nil, one(typed("Content-Type: application/json;charset=\"utf-8\"\r\n"), rather), nil},
	{"type-upper-case", "media types have no case", "Type", "medium", bounds, nil, one(typed("Content-Type: Application/JSON\r\n"), rather), nil},
	{"type-missing", "no content type", "Type", "medium", bounds, nil, one(typed(""), either), nil},
	{"type-empty", "an empty content type", "Type", "low", bounds, nil, one(typed("Content-Type: \r\n"), either), nil},
	{"type-text", "text/plain, which a form of any site can send", "Type", "high", bounds, nil, one(typed("Content-Type: text/plain\r\n"), rejects), nil},
	{"type-form", "application/x-www-form-urlencoded, which a form of any site can send", "Type", "high", bounds, nil, one(typed("Content-Type: application/x-www-form-urlencoded\r\n"), rejects), nil},
	{"type-multipart", "multipart/form-data, which a form of any site can send", "Type", "medium", bounds, nil, one(typed("Content-Type: multipart/form-data; boundary=x\r\n"), rejects), nil},
	{"type-beginning", "a type that begins like the right one", "Type", "medium", bounds, nil, one(typed("Content-Type: application/jsonp\r\n"), rejects), nil},
	{"type-twice", "two content types", "Type", "low", bounds, nil, one(typed("Content-Type: text/plain\r\nContent-Type: application/json\r\n"), either), nil},
	{"encoding-gzip", "said to be compressed, and is not", "Type", "medium", bounds, nil, one(with("Content-Encoding: gzip\r\n"), rejects), nil},
}

func bodied(text string) string { return head + text }

// bodies are bodies that say what they should not, or say it in another way.
var bodies = []conversation{
	{"body-spaces", "white space wherever JSON allows it", "Spelling", "high", shape, nil, one(bodied("\r\n\t {\n\"msg\"\t:\r \"${MSG}\" }\n "), accepted), nil},
	{"body-escaped", "each character of the message as an escape", "Spelling", "high", shape, nil, one(bodied(`{"msg":"${MSG:escaped}"}`), accepted), nil},
	{"body-escaped-key", "an escape in the key", "Spelling", "medium", shape, nil, one(bodied(`{"m\u0073g":"${MSG}"}`), accepted), nil},
	{"body-other-keys", "keys that mean nothing to a backend", "Spelling", "high", shape, nil, one(bodied(`{"v":1,"a":{"msg":"x"},"msg":"${MSG}","z":[null]}`), accepted), nil},
	{"body-key-case", "MSG is not msg", "Body", "medium", shape, bodyOnly, one(bodied(`{"MSG":"${MSG}"}`), either), nil},
	{"body-no-msg", "an object without msg", "Body", "high", shape, bodyOnly, one(bodied(`{}`), rejects), nil},
	{"body-msg-null", "null under msg", "Body", "high", shape, bodyOnly, one(bodied(`{"msg":null}`), rejects), nil},
	{"body-msg-number", "a number under msg", "Body", "high", shape, bodyOnly, one(bodied(`{"msg":121}`), rejects), nil},
	{"body-msg-array", "an array with the message under msg", "Body", "high", shape, bodyOnly, one(bodied(`{"msg":["${MSG}"]}`), rejects), nil},
	{"body-msg-object", "an object under msg", "Body", "high", shape, bodyOnly, one(bodied(`{"msg":{"ciphertext":"${MSG}","toString":null}}`), rejects), nil},
	{"body-msg-true", "true under msg", "Body", "medium", shape, bodyOnly, one(bodied(`{"msg":true}`), rejects), nil},
	{"body-msg-empty", "an empty message", "Body", "high", shape, []vectors.Stage{vectors.StageBody, vectors.StageOuterBase64, vectors.StageMagic, vectors.StageLength}, one(bodied(`{"msg":""}`), rejects), nil},
	{"body-msg-twice", "a message, then another text under the same key", "Body", "medium", shape, bodyOnly, one(bodied(`{"msg":"${MSG}","msg":"x"}`), either), nil},
	{"body-msg-twice-last", "a text, then the message under the same key", "Body", "medium", shape, bodyOnly, one(bodied(`{"msg":"x","msg":"${MSG}"}`), either), nil},
	{"body-proto", "a key that is a prototype in JavaScript", "Body", "medium", shape, bodyOnly, one(bodied(`{"__proto__":{"msg":"${MSG}"},"constructor":{"prototype":{"msg":"${MSG}"}}}`), rejects), nil},
	{"body-array", "an array in place of the object", "Body", "high", shape, bodyOnly, one(bodied(`[{"msg":"${MSG}"}]`), rejects), nil},
	{"body-string", "the message in place of the object", "Body", "high", shape, bodyOnly, one(bodied(`"${MSG}"`), rejects), nil},
	{"body-null", "null", "Body", "high", shape, bodyOnly, one(bodied(`null`), rejects), nil},
	{"body-number", "a number", "Body", "medium", shape, bodyOnly, one(bodied(`121`), rejects), nil},
	{"body-empty", "nothing", "Body", "high", shape, bodyOnly, one(bodied(``), rejects), nil},
	{"body-no-json", "the message without JSON", "Body", "high", shape, bodyOnly, one(bodied(`msg=${MSG}`), rejects), nil},
	{"body-cut", "the object does not end", "Body", "high", shape, bodyOnly, one(bodied(`{"msg":"${MSG}"`), rejects), nil},
	{"body-trailing", "text after the object", "Body", "medium", shape, bodyOnly, one(bodied(body+` x`), either), nil},
	{"body-two", "two objects", "Body", "medium", shape, bodyOnly, one(bodied(body+body2), either), nil},
	{"body-single-quotes", "quotes of JavaScript", "Body", "low", shape, bodyOnly, one(bodied(`{'msg':'${MSG}'}`), either), nil},
	{"body-trailing-comma", "a comma too many", "Body", "low", shape, bodyOnly, one(bodied(`{"msg":"${MSG}",}`), either), nil},
	{"body-bom", "a byte order mark before the object", "Body", "low", shape, bodyOnly, one(bodied("${HEX:efbbbf}"+body), either), nil},
	{"body-utf-16", "in UTF-16", "Body", "low", shape, bodyOnly, one(bodied("${HEX:fffe7b0022006d0073006700220000003a002200780022007d00}"), rejects), nil},
	{"body-not-utf-8", "bytes that are no UTF-8, under another key", "Body", "low", shape, bodyOnly, one(bodied(`{"x":"${HEX:fffe80}","msg":"${MSG}"}`), either), nil},
	{"body-nul", "a NUL after the object", "Body", "low", shape, bodyOnly, one(bodied(body+"${HEX:00}"), either), nil},
	{"msg-newline", "a line break in the message, escaped", "Body", "high", []string{"REQ-ENV-006", "REQ-SEQ-010"}, []vectors.Stage{vectors.StageOuterBase64}, one(bodied(`{"msg":"${MSG}\n"}`), either), nil},
	{"depth-10000-msg", "10,000 arrays under msg", "Depth", "high", bounds, bodyOnly, one(bodied(`{"msg":${REPEAT:10000:[}${REPEAT:10000:]}}`), rejects), nil},
	{"depth-10000-aside", "10,000 arrays under another key", "Depth", "medium", bounds, bodyOnly, one(bodied(`{"x":${REPEAT:10000:[}${REPEAT:10000:]},"msg":"${MSG}"}`), either), nil},
	{"depth-unclosed", "25,000 objects that do not end", "Depth", "high", bounds, bodyOnly, one(bodied(`${REPEAT:25000:{"msg":}`), rejects), nil},
}
