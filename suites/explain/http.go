package explain

import (
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// placeholders says what a template of a request leaves open. The first that
// fits counts.
var placeholders = []struct{ prefix, words string }{
	{"${HOST}", "host and port of the backend"},
	{"${BASE}", "path below which the devices are, as /data"},
	{"${DEVICE:percent}", "id of the device, every byte percent-encoded"},
	{"${DEVICE:swapcase}", "id of the device in the other case"},
	{"${DEVICE}", "id of the device, percent-encoded"},
	{"${NOBODY}", "an id that no device has"},
	{"${MSG:escaped}", "a message whose number is next, each character a JSON escape"},
	{"${MSG:query}", "a message whose number is next, percent-encoded"},
	{"${MSG:split}", "a message whose number is next, in two pieces"},
	{"${MSG+", "a message with a number behind next"},
	{"${MSG}", "a message whose number is next"},
	{"${LENGTH+", "more than the length of the body"},
	{"${LENGTH-", "less than the length of the body"},
	{"${LENGTH}", "length of the body"},
	{"${CHUNKED:", "from here on the body is sent in chunks of so many bytes"},
	{"${END:", "the last chunk, and a trailer"},
	{"${END}", "the last chunk"},
	{"${CUT}", "no last chunk"},
	{"${REPEAT:", "so many times that text"},
	{"${HEX:", "bytes"},
	{"${FLUSH}", "what comes before is sent by itself"},
	{"${CONTINUE}", "here 100 Continue is awaited"},
}

// answers says what may come of a request.
var answers = map[string]string{
	vectors.Accepted: "accepted (200, status OK)",
	vectors.Refused:  "rejected (any other answer)",
	vectors.Closed:   "closed (no answer, the connection ends)",
}

// http writes what goes over a connection.
func http(p *page, t *vectors.HTTPTest) {
	p.section("The connection")
	used := map[string]bool{}
	for i, r := range t.Requests {
		if i > 0 {
			p.line("")
		}
		p.request(r, used)
	}
	p.line("")
	switch {
	case t.Pipelined:
		p.say("", 0, "All requests are sent before the first answer is read.")
	case t.Bytewise:
		p.say("", 0, "Each byte is written by itself.")
	}
	switch t.End {
	case "half-close":
		p.say("", 0, "Then the sending side of the connection is closed.")
	case "silence":
		p.say("", 0, "Then nothing more is sent.")
	}
	p.say("", 0, "Afterwards next is what the answers say: only accepted moves it.")
	p.section("What the placeholders stand for")
	for _, h := range placeholders {
		if used[h.prefix] {
			p.say(strings.TrimSuffix(strings.TrimSuffix(h.prefix, "}"), ":")+closing(h.prefix), 20, "%s", h.words)
		}
	}
}

// closing completes the beginning of a placeholder.
func closing(prefix string) string {
	if strings.HasSuffix(prefix, "}") {
		return "}"
	}
	return "…}"
}

// request writes a request line by line, and the answers that are permitted.
func (p *page) request(r vectors.HTTPRequest, used map[string]bool) {
	for text := range strings.SplitSeq(r.Text, "\r\n") {
		if text == "" {
			p.line("  %s", p.paint(faint, "│"))
			continue
		}
		for _, l := range pieces(printable(text), width-4) {
			p.line("  %s %s", p.paint(faint, "│"), l)
		}
	}
	for rest := r.Text; rest != ""; {
		_, tail, found := strings.Cut(rest, "${")
		if !found {
			break
		}
		rest = tail
		for _, h := range placeholders {
			if strings.HasPrefix("${"+tail, h.prefix) {
				used[h.prefix] = true
				break
			}
		}
	}
	for i, e := range r.Expect {
		shade, label := yellow, "or"
		if i == 0 {
			shade, label = green, "→"
		}
		p.shaded(shade, label, 4, "%s", answers[e])
	}
	if len(r.Expect) > 1 {
		p.say("", 4, "strict and secure demand the first")
	}
}

// pieces cuts text, which is printable, where the line ends.
func pieces(text string, n int) []string {
	runes := []rune(text)
	var list []string
	for ; len(runes) > n; runes = runes[n:] {
		list = append(list, string(runes[:n]))
	}
	return append(list, string(runes))
}
