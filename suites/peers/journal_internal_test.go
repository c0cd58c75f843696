package peers

import (
	"bytes"
	"strings"
	"testing"
)

func TestJournalFindsTheAddress(t *testing.T) {
	for _, tt := range []struct {
		name   string
		pieces []string
		want   string
	}{
		{"one line", []string{"listening on http://127.0.0.1:1\n"}, "http://127.0.0.1:1"},
		{"in pieces", []string{"hello\nlisten", "ing on http://127.0.0.1:1", "\r\n"}, "http://127.0.0.1:1"},
		{"the first counts", []string{"listening on a\nlistening on b\n"}, "a"},
		{"the line is not over", []string{"listening on http://127.0.0.1:1"}, ""},
		{"in the middle of a line", []string{"is listening on http://127.0.0.1:1\n"}, ""},
	} {
		j := newJournal()
		j.expect()
		for _, piece := range tt.pieces {
			j.Write([]byte(piece))
		}
		got := ""
		select {
		case got = <-j.address:
		default:
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// An address that came too late is not taken for that of the next life, and the
// last life's half a line is not part of the next one's first.
func TestJournalForgetsALifeBefore(t *testing.T) {
	j := newJournal()
	j.expect()
	j.Write([]byte("listening on late\nlistening"))
	j.expect()
	j.Write([]byte("listening on new\n"))
	if got := <-j.address; got != "new" {
		t.Errorf("%q, want %q", got, "new")
	}
}

func TestJournalComplaint(t *testing.T) {
	for _, tt := range []struct{ said, want string }{
		{"", "it said nothing"},
		{" \n\n", "it said nothing"},
		{"one\ntwo\n\n", `it said "two"`},
		{"Error: Cannot find module 'express'\n    at x\n\nNode.js v22\n", `it said "Error: Cannot find module 'express'"`},
		{strings.Repeat("x", 1000), `it said "` + strings.Repeat("x", maxComplaint) + `"`},
	} {
		j := newJournal()
		j.Write([]byte(tt.said))
		if got := j.complaint(); got != tt.want {
			t.Errorf("%.40q: %s, want %s", tt.said, got, tt.want)
		}
	}
}

// Whatever a peer prints, and however it comes, what is kept of it is bounded,
// and an address is the rest of a line.
func FuzzJournal(f *testing.F) {
	f.Add([]byte("listening on http://127.0.0.1:1880\n"), uint16(7), uint8(1))
	f.Add([]byte("listening on \xff\x00\r\nlistening on x"), uint16(1), uint8(3))
	f.Add(bytes.Repeat([]byte("a"), 1000), uint16(5000), uint8(200))
	f.Fuzz(func(t *testing.T, text []byte, size uint16, times uint8) {
		if len(text)*int(times) > 4*maxLog {
			return
		}
		j := newJournal()
		j.expect()
		for range times {
			for rest := text; len(rest) > 0; {
				n := min(len(rest), int(size)+1)
				if wrote, err := j.Write(rest[:n]); wrote != n || err != nil {
					t.Fatalf("wrote %d of %d, %v", wrote, n, err)
				}
				rest = rest[n:]
			}
		}
		if n := len(j.text); n > 2*maxLog {
			t.Errorf("%d bytes are kept", n)
		}
		if n := len(j.line); n > maxLog {
			t.Errorf("a line of %d bytes is kept", n)
		}
		j.complaint()
		select {
		case address := <-j.address:
			if strings.Contains(address, "\n") || !bytes.Contains(bytes.Repeat(text, int(times)), []byte(ready)) {
				t.Errorf("the address is %q", address)
			}
		default:
		}
	})
}
