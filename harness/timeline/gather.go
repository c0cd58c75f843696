package timeline

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/wire"
)

// shown is how much of the bytes is in an event's text, in characters.
const shown = 160

// printed writes bytes in one line: as they are where they can be, and else with
// the escapes of Go.
func printed(p []byte) string {
	text := strings.TrimRight(string(p), "\r\n")
	cut := ""
	if len(text) > shown {
		end := shown
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		text, cut = text[:end], fmt.Sprintf(" … (%d bytes)", len(p))
	}
	quoted := strconv.Quote(text)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`) + cut
}

// OfConsole returns what a console has heard, on the lanes of the serial port.
// Bytes that came within a moment of each other and make one line are one event.
func OfConsole(began time.Time, heard []console.Event) (events []Event) {
	lanes := map[console.Lane]Lane{console.Received: Device, console.Transmitted: Host, console.Moved: Lines}
	for _, h := range heard {
		at := h.At.Sub(began)
		if last := len(events) - 1; last >= 0 && h.Lane == console.Received && events[last].Lane == Device && goesOn(events[last], at) {
			events[last].Raw = append(events[last].Raw, h.Data...)
			events[last].Text = printed(events[last].Raw)
			continue
		}
		e := Event{At: at, Lane: lanes[h.Lane], Text: printed(h.Data), Redacted: h.Redacted}
		if h.Lane != console.Moved {
			e.Raw = append([]byte(nil), h.Data...)
		}
		events = append(events, e)
	}
	return events
}

// moment is how far apart parts of one event begin.
const moment = 20 * time.Millisecond

// goesOn reports whether what comes at that time still belongs to the line that
// an event began.
func goesOn(e Event, at time.Duration) bool {
	return len(e.Raw) < 4096 && at-e.At < moment && !strings.HasSuffix(string(e.Raw), "\n")
}

// OfWire returns what passed between device and backend.
func OfWire(began time.Time, passed []wire.Exchange) (events []Event) {
	for _, x := range passed {
		who := ""
		if x.Replay {
			who = "the harness: "
		}
		head, _, _ := strings.Cut(string(x.Request), "\r\n")
		events = append(events, Event{At: x.Start.Sub(began), Lane: Request, Text: fmt.Sprintf("#%d %s%s", x.N, who, printed([]byte(head))), Raw: x.Request})
		head, _, _ = strings.Cut(string(x.Reply), "\r\n")
		text := fmt.Sprintf("#%d %s %s", x.N, printed([]byte(head)), printed(x.ReplyBody()))
		if x.Fault != wire.None {
			text += fmt.Sprintf(" (%s)", x.Fault)
		}
		if x.Err != nil {
			text += " (" + printed([]byte(x.Err.Error())) + ")"
		}
		events = append(events, Event{At: x.End.Sub(began), Lane: Reply, Text: text, Raw: x.Reply})
	}
	return events
}

// OfServer returns what a server has logged.
func OfServer(began time.Time, log []server.Line) (events []Event) {
	for _, line := range log {
		events = append(events, Event{At: line.At.Sub(began), Lane: Server, Text: printed([]byte(line.Text))})
	}
	return events
}
