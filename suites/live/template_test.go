package live

import (
	"strings"
	"testing"
)

func TestFill(t *testing.T) {
	fill := filler{host: "h:1", base: "/data", device: "a/B", nobody: "nobody", msg: [2]string{"Uzx+", "second"}}
	for _, tt := range []struct{ template, want string }{
		{"POST ${BASE}/${DEVICE} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${LENGTH}\r\n\r\n{\"msg\":\"${MSG}\"}",
			"POST /data/a%2FB HTTP/1.1\r\nHost: h:1\r\nContent-Length: 14\r\n\r\n{\"msg\":\"Uzx+\"}"},
		{"${DEVICE:percent} ${DEVICE:swapcase} ${NOBODY}", "%61%2F%42 A%2Fb nobody"},
		{"${MSG:escaped} ${MSG:query} ${MSG+1}", `\u0055\u007a\u0078\u002b Uzx%2B second`},
		{"${LENGTH+2} ${LENGTH-2}\n\nfour", "6 2\n\nfour"},
		{"${CHUNKED:3}${MSG}${REPEAT:2:y}${END}", "3\r\nUzx\r\n3\r\n+yy\r\n0\r\n\r\n"},
		{"${CHUNKED:9}x${END:A: b}", "1\r\nx\r\n0\r\nA: b\r\n\r\n"},
		{"${CHUNKED:9}x${CUT}", "1\r\nx\r\n"},
		{"${HEX:00ff}", "\x00\xff"},
		{"a${FLUSH}b${CONTINUE}c|${MSG:split}", "a|b|>c|Uz|x+"},
	} {
		done, err := fill.fill(tt.template)
		if err != nil {
			t.Errorf("%q: %v", tt.template, err)
			continue
		}
		var parts []string
		for _, p := range done.pieces {
			part := string(p.bytes)
			if p.await {
				part = ">" + part
			}
			parts = append(parts, part)
		}
		if got := strings.Join(parts, "|"); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.template, got, tt.want)
		}
	}
	for _, wrong := range []string{"${", "${WHAT}", "${MSG:loud}", "${DEVICE:x}", "${HEX:0}", "${REPEAT:x:y}", "${CHUNKED:0}${END}", "${CHUNKED:1}", "${END}", "${LENGTHx}"} {
		if _, err := fill.fill(wrong); err == nil {
			t.Errorf("%q is filled", wrong)
		}
	}
	if done, _ := fill.fill("HEAD x${MSG+1}"); done.method != "HEAD" || done.uses != [2]bool{false, true} {
		t.Errorf("%+v", done)
	}
}
