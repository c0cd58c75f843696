package timeline_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/boards/virtual/nor"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/timeline"
	"github.com/espalier-hil/espalier/harness/wire"
)

var began = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

// after is a moment of the run, in milliseconds.
func after(ms int) time.Time { return began.Add(time.Duration(ms) * time.Millisecond) }

// heard is a little of everything.
func heard() []timeline.Event {
	return timeline.Gather(
		timeline.OfConsole(began, []console.Event{
			{At: after(1), Lane: console.Moved, Data: []byte("DTR true")},
			{At: after(3), Lane: console.Received, Data: []byte("ets Jan")},
			{At: after(4), Lane: console.Received, Data: []byte("  8 2013\r\n")},
			{At: after(5), Lane: console.Received, Data: []byte("\x00\xff")},
			{At: after(900), Lane: console.Received, Data: []byte("late")},
			{At: after(7), Lane: console.Transmitted, Data: []byte("1 hello -\n")},
			{At: after(8), Lane: console.Transmitted, Data: []byte("2 provision …"), Redacted: true},
		}),
		timeline.OfWire(began, []wire.Exchange{{
			N: 3, Start: after(6), End: after(9), Request: []byte("POST /data/12FA HTTP/1.1\r\nHost: x\r\n\r\n{}"), Method: "POST",
			Reply: []byte("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}"), Fault: wire.DropReply,
		}}),
		timeline.OfServer(began, []server.Line{{At: after(8), Text: "accepted"}}),
	)
}

func TestGather(t *testing.T) {
	var got []string
	for _, e := range heard() {
		got = append(got, strings.Join([]string{e.At.String(), string(e.Lane), e.Text}, " "))
	}
	want := []string{
		"1ms lines DTR true",
		"3ms device ets Jan  8 2013",
		`5ms device \x00\xff`,
		"6ms request #3 POST /data/12FA HTTP/1.1",
		"7ms host 1 hello -",
		"8ms host 2 provision …",
		"8ms server accepted",
		`9ms reply #3 HTTP/1.1 200 OK {"status":"OK"} (reply dropped)`,
		"900ms device late",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}

// What is written is read again, and the spec's part of it found.
func TestWriteReadSlice(t *testing.T) {
	all := heard()
	var b bytes.Buffer
	if err := timeline.Write(&b, all); err != nil {
		t.Fatal(err)
	}
	again, err := timeline.Read(&b)
	if err != nil || !reflect.DeepEqual(again, all) {
		t.Errorf("%+v, %v", again, err)
	}
	for _, tt := range []struct{ from, to, first, end int }{{0, 1000, 0, 9}, {3, 6, 1, 4}, {8, 8, 5, 7}, {10, 20, 8, 8}, {1000, 2000, 9, 9}, {9, 3, 7, 7}} {
		i, j := timeline.Slice(all, time.Duration(tt.from)*time.Millisecond, time.Duration(tt.to)*time.Millisecond)
		if i != tt.first || j != tt.end {
			t.Errorf("from %d to %d: [%d:%d], want [%d:%d]", tt.from, tt.to, i, j, tt.first, tt.end)
		}
	}
	if tails := timeline.Tails(all, 1); len(tails) != 6 || tails[0] != "host        0.008s  2 provision …" || tails[1] != "device      0.900s  late" {
		t.Errorf("%q", tails)
	}
}

// What the board's flash goes through is told in few words, and what is torn by
// itself.
func TestOfBoard(t *testing.T) {
	program := func(ms int, addr uint32, n int) virtual.Happening {
		return virtual.Happening{At: after(ms), Flash: nor.Change{Addr: addr, N: n}}
	}
	torn := program(8, 0x3300, 256)
	torn.Flash.Torn = true
	erased := program(3, 0x3000, 4096)
	erased.Flash.Erased = true
	var got []string
	for _, e := range timeline.OfBoard(began, []virtual.Happening{
		{At: after(1), Power: "reset: EN pin"}, erased, program(4, 0x3000, 256), program(5, 0x3100, 256), program(6, 0x3200, 256), torn,
		{At: after(8), Power: "fails"}, program(9, 0x3400, 1), program(90, 0x3401, 1), program(91, 0x3401, 1),
	}) {
		got = append(got, strings.Join([]string{e.At.String(), string(e.Lane), e.Text}, " "))
	}
	want := []string{
		"1ms power reset: EN pin", "3ms flash erase 4096 bytes at 0x003000", "4ms flash program 1024 bytes at 0x003000, the supply failing in it",
		"8ms power fails", "9ms flash program 1 byte at 0x003400", "90ms flash program 1 byte at 0x003401", "91ms flash program 1 byte at 0x003401",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q\nwant\n%q", got, want)
	}
}

func TestReadRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"{":                             "line 1: ",
		`{"atNs":1,"lane":"elsewhere"}`: `line 1: there is no lane "elsewhere"`,
		`{"atNs":2,"lane":"host"}` + "\n" + `{"atNs":1,"lane":"host"}`: "line 2: it is before the line before",
		strings.Repeat(" ", 5<<20):                                     "after 0 lines: ",
	} {
		if _, err := timeline.Read(strings.NewReader(text)); !errors.Is(err, timeline.ErrTimeline) || !strings.Contains(err.Error(), says) {
			t.Errorf("%.40q: %v, want %q", text, err, says)
		}
	}
}

// Whatever was heard, its text is one printable line.
func FuzzOfConsole(f *testing.F) {
	f.Add([]byte("ets Jan  8 2013\r\n\x00\xff"), "é\u2028\x1b[31m")
	f.Fuzz(func(t *testing.T, data []byte, line string) {
		events := timeline.OfConsole(began, []console.Event{{At: after(1), Lane: console.Received, Data: data}})
		events = append(events, timeline.OfServer(began, []server.Line{{At: after(2), Text: line}})...)
		events = append(events, timeline.OfWire(began, []wire.Exchange{{Start: after(3), End: after(4), Request: data, Reply: data, Err: errors.New(line)}})...)
		for _, e := range events {
			for _, r := range e.Text {
				if r < ' ' || r == 0x7f || r == '\u2028' {
					t.Fatalf("%q", e.Text)
				}
			}
		}
		var b bytes.Buffer
		if err := timeline.Write(&b, events); err != nil {
			t.Fatal(err)
		}
		if again, err := timeline.Read(&b); err != nil || len(again) != len(events) {
			t.Fatalf("%d of %d, %v", len(again), len(events), err)
		}
	})
}
