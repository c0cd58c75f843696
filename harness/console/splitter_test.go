package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// split returns what a stream is cut into: L for log, R for a record, M for what
// began as one.
func split(stream string, step int) string {
	var s splitter
	var got []string
	emit := func(p piece) {
		kind := "L"
		switch {
		case p.record:
			kind = "R"
		case p.malformed:
			kind = "M"
		}
		got = append(got, fmt.Sprintf("%s%q", kind, p.text))
	}
	for p := []byte(stream); len(p) > 0; p = p[min(step, len(p)):] {
		s.feed(p[:min(step, len(p))], emit)
	}
	return strings.Join(got, " ")
}

func TestSplitter(t *testing.T) {
	for _, tt := range []struct{ name, stream, want string }{
		{"nothing", "", ``},
		{"lines", "one\ntwo\r\n", `L"one" L"two"`},
		{"blank lines", "\r\n\r\n ets\r\n", `L" ets"`},
		{"incomplete", "one\ntw", `L"one"`},
		{"record", "\x1e{\"id\":1}\n", `R"{\"id\":1}"`},
		{"record with CR LF", "\x1e{\"id\":1}\r\n", `R"{\"id\":1}"`},
		{"record after half a line", "sending\x1e{}\nrest\n", `L"sending" R"{}" L"rest"`},
		{"record cut short", "\x1e{\"id\":\x1e{\"id\":2}\n", `M"{\"id\":" R"{\"id\":2}"`},
		{"record without its LF", "\x1e{\"id\":1}\x1e{\"id\":2}\n", `M"{\"id\":1}" R"{\"id\":2}"`},
		{"two separators", "\x1e\x1e{}\n", `R"{}"`},
		{"empty record", "\x1e\n", `M""`},
		{"no object", "\x1e[1]\n\x1e12\n\x1enull\n", `M"[1]" M"12" M"null"`},
		{"no JSON", "\x1e{id:1}\n", `M"{id:1}"`},
		{"two objects", "\x1e{}{}\n", `M"{}{}"`},
		{"no UTF-8", "\x1e{\"a\":\"\xff\"}\n", `M"{\"a\":\"\xff\"}"`},
		{"bytes of no script", "\x00\xff\xfe\n", `L"\x00\xff\xfe"`},
	} {
		for _, step := range []int{1, 2, len(tt.stream) + 1} {
			if got := split(tt.stream, step); got != tt.want {
				t.Errorf("%s, step %d:\ngot  %s\nwant %s", tt.name, step, got, tt.want)
			}
		}
	}
}

// A device that sends neither LF nor RS is cut, and what it says next is heard.
func TestSplitterBounds(t *testing.T) {
	for _, n := range []int{longestLine - 1, longestLine, longestLine + 1, 3 * longestLine} {
		for _, prefix := range []string{"", "\x1e"} {
			var s splitter
			var text, longest int
			emit := func(p piece) {
				text += len(p.text)
				longest = max(longest, len(p.text))
			}
			s.feed([]byte(prefix+strings.Repeat("U", n)), emit)
			if len(s.line) >= longestLine {
				t.Errorf("%d bytes after %q: %d are kept", n, prefix, len(s.line))
			}
			s.feed([]byte("\n"), emit)
			if text != n || longest > longestLine {
				t.Errorf("%d bytes after %q: %d came out, at most %d at once", n, prefix, text, longest)
			}
			if got := split(prefix+strings.Repeat("U", n)+"\n\x1e{}\n", 4096); !strings.HasSuffix(got, `R"{}"`) {
				t.Errorf("%d bytes after %q: the record behind them is lost", n, prefix)
			}
		}
	}
}

// FuzzSplitter checks that no byte but separators is lost, that records are
// objects, and that it does not matter in which pieces a stream comes.
func FuzzSplitter(f *testing.F) {
	f.Add([]byte("log\r\n\x1e{\"id\":1}\nmore\x1e{\x1e{}\n"))
	f.Fuzz(func(t *testing.T, stream []byte) {
		var s splitter
		var text []byte
		s.feed(stream, func(p piece) {
			if p.record && (!json.Valid(p.text) || p.malformed) {
				t.Fatalf("record %q", p.text)
			}
			text = append(text, p.text...)
		})
		text = append(text, s.line...)
		drop := func(p []byte) []byte {
			for _, b := range []string{"\n", "\r", "\x1e"} {
				p = bytes.ReplaceAll(p, []byte(b), nil)
			}
			return p
		}
		if !bytes.Equal(drop(text), drop(stream)) {
			t.Fatalf("%q became %q", stream, text)
		}
		if a, b := split(string(stream), 1), split(string(stream), len(stream)+1); a != b {
			t.Fatalf("by bytes %s, at once %s", a, b)
		}
	})
}
