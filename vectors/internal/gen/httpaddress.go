package main

import "github.com/espalier-hil/espalier/vectors"

// posted is a good request to another target.
func posted(target string) string {
	return "POST " + target + " HTTP/1.1\r\n" + hostLine + jsonLine + lengthLine + "\r\n" + body
}

// addresses are methods, paths and device ids.
func addresses() []conversation {
	list := []conversation{
		{"method-get", "GET without a body", "Method", "high", bounds, nil, one("GET ${BASE}/${DEVICE} HTTP/1.1\r\n"+hostLine+"\r\n", rejects), nil},
		{"method-get-query", "GET with the message in the query", "Method", "medium", bounds, nil, one("GET ${BASE}/${DEVICE}?msg=${MSG:query} HTTP/1.1\r\n"+hostLine+"\r\n", rejects), nil},
		{"method-head", "HEAD", "Method", "medium", bounds, nil, one("HEAD ${BASE}/${DEVICE} HTTP/1.1\r\n"+hostLine+"\r\n", rejects), nil},
		{"method-options", "OPTIONS", "Method", "low", bounds, nil, one("OPTIONS ${BASE}/${DEVICE} HTTP/1.1\r\n"+hostLine+"\r\n", rejects), nil},
	}
	for _, method := range []struct{ name, word, what string }{
		{"put", "PUT", "PUT"}, {"patch", "PATCH", "PATCH"}, {"delete", "DELETE", "DELETE"}, {"get-body", "GET", "GET with a body"},
		{"unknown", "FROBNICATE", "a method that there is not"}, {"lower-case", "post", "methods have a case"},
	} {
		list = append(list, conversation{"method-" + method.name, method.what, "Method", "high", bounds, nil,
			one(method.word+" ${BASE}/${DEVICE} HTTP/1.1\r\n"+hostLine+jsonLine+lengthLine+"\r\n"+body, rejects), nil})
	}
	for _, path := range []struct {
		name, comment, target string
		expect                []string
	}{
		{"slash-after", "a slash after the id", "${BASE}/${DEVICE}/", either},
		{"segment-after", "a further segment", "${BASE}/${DEVICE}/x", rejects},
		{"no-device", "no id", "${BASE}/", rejects},
		{"no-slash", "neither id nor slash", "${BASE}", rejects},
		{"root", "the root", "/", rejects},
		{"double-slash", "an empty segment before the id", "${BASE}//${DEVICE}", either},
		{"double-slash-first", "an empty segment at the beginning", "/${BASE}/${DEVICE}", either},
		{"dot", "a segment that means this folder", "${BASE}/./${DEVICE}", either},
		{"dot-dot", "a segment that means the folder above", "${BASE}/x/../${DEVICE}", either},
		{"dot-dot-encoded", "the same, percent-encoded", "${BASE}/x/%2e%2e/${DEVICE}", either},
		{"query", "a query", "${BASE}/${DEVICE}?a=1", rather},
		{"query-id", "a path that names nobody, and a query that names the device", "${BASE}/${NOBODY}?id=${DEVICE}&device=${DEVICE}", rejects},
		{"fragment", "a fragment, which a client does not send", "${BASE}/${DEVICE}#a", either},
		{"parameter", "a parameter of the segment", "${BASE}/${DEVICE};a=1", either},
		{"encoded", "each byte of the id percent-encoded", "${BASE}/${DEVICE:percent}", rather},
		{"absolute", "the target with scheme and host, as to a proxy", "http://${HOST}${BASE}/${DEVICE}", rather},
		{"relative", "a target without its slash", "data/${DEVICE}", rejects},
		{"asterisk", "an asterisk as the target", "*", rejects},
	} {
		list = append(list, conversation{"path-" + path.name, path.comment, "Path", "medium", bounds, nil, one(posted(path.target), path.expect), nil})
	}
	list = append(list,
		conversation{"device-unknown", "a device that nobody has provisioned", "NoDevice", "critical", nobody, lookup, one(posted("${BASE}/${NOBODY}"), rejects), nil},
		conversation{"device-unknown-twice", "and is not after the first message either", "NoDevice", "critical", nobody, lookup, two(posted("${BASE}/${NOBODY}"), rejects, posted("${BASE}/${NOBODY}"), rejects), nil},
	)
	// The messages are well made, for the device that is known: where an id
	// reaches more than it should, one of them is accepted.
	for _, id := range []struct{ name, comment, id string }{
		{"other-case", "the id in the other case is another id", "${DEVICE:swapcase}"},
		{"longer", "the id and a letter more", "${DEVICE}x"},
		{"quote", "the id and a quote", "${DEVICE}'"},
		{"quote-raw-comment", "a quote, then a comment of SQL", "${DEVICE}'--"},
		{"or-true", "a condition of SQL that is always true", "x'%20OR%20'1'='1"},
		{"or-true-double", "the same with double quotes", "x%22%20OR%20%221%22=%221"},
		{"or-id", "a condition of SQL that names the device", "x'%20OR%20device='${DEVICE}"},
		{"union", "a union of SQL", "x'%20UNION%20SELECT%20*%20FROM%20devices--"},
		{"drop", "a second statement of SQL", "x';DROP%20TABLE%20devices;--"},
		{"semicolon", "the id and a semicolon", "${DEVICE}%3B"},
		{"like", "what stands for anything in LIKE", "%25"},
		{"glob", "what stands for anything in a file name", "*"},
		{"dot-dot", "the folder above", ".."},
		{"dot-dot-encoded", "the folder above, percent-encoded", "%2e%2e"},
		{"traversal", "a file of the system", "..%2f..%2f..%2f..%2fetc%2fpasswd"},
		{"traversal-windows", "a file of another system", "..%5c..%5cwindows%5cwin.ini"},
		{"slash", "a slash in the id, percent-encoded", "x%2f${DEVICE}"},
		{"nul", "the id, then a NUL", "${DEVICE}%00"},
		{"nul-suffix", "the id, then a NUL and more", "${DEVICE}%00x"},
		{"line-break", "the id, then a line break and a line of a header", "${DEVICE}%0d%0aX:%20y"},
		{"space", "a space before the id", "%20${DEVICE}"},
		{"space-after", "a space after the id", "${DEVICE}%20"},
		{"percent-wrong", "a percent sign without digits", "%zz"},
		{"percent-cut", "a percent sign at the end", "${DEVICE}%"},
		{"percent-twice", "percent-encoded twice", "%25%32%35"},
		{"not-utf-8", "bytes that are no UTF-8", "%ff%fe%80"},
		{"overlong", "a slash as overlong UTF-8", "..%c0%af..%c0%afetc"},
		{"unicode", "letters beyond ASCII", "%C3%A4%E6%B0%B4"},
		{"fullwidth", "a quote that becomes one when it is normalized", "x%EF%BC%87%20OR%201=1"},
		{"emoji", "beyond the basic plane", "%F0%9F%8C%B2"},
		{"proto", "a name that every object has in JavaScript", "__proto__"},
		{"constructor", "another", "constructor"},
		{"to-string", "another", "toString"},
		{"template", "a template of a shell or a page", "$%7B7*7%7D%7B%7B7*7%7D%7D"},
		{"shell", "a command of a shell", "x%3B%24(id)%60id%60"},
		{"markup", "a script of a page", "%3Cscript%3Ealert(1)%3C%2Fscript%3E"},
		{"format", "directives of a format", "%25s%25n%25x"},
		{"4-kib", "an id of 4 KiB", "${REPEAT:4096:x}"},
	} {
		list = append(list, conversation{"device-" + id.name, id.comment, "Device", "high", hostile, lookup, one(posted("${BASE}/"+id.id), rejects), nil})
	}
	return append(list, conversation{"device-msg-hostile", "a message that is a condition of SQL", "Device", "medium", hostile,
		[]vectors.Stage{vectors.StageOuterBase64, vectors.StageMagic, vectors.StageBody}, one(head+`{"msg":"x' OR '1'='1"}`, rejects), nil})
}
