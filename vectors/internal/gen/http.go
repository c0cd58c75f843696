package main

import (
	"slices"

	"github.com/espalier-hil/espalier/vectors"
)

// httpFile returns what comes over a connection.
func httpFile() (*vectors.File, error) {
	g := &vectors.Group{Type: "HttpTest", Source: core}
	for _, list := range [][]conversation{wellMade, kept, addresses(), contents, bodies, lengths, chunks, large, odd, unfinished} {
		for _, c := range list {
			g.Tests = append(g.Tests, c.test())
		}
	}
	return frame("http", []string{
		"What comes over a connection, byte by byte, and which answers are permitted.",
		"Whatever the answer: afterwards the device's next is what the accepted messages made of it, and a well-made message passes.",
	}, httpNotes, g), nil
}

type conversation struct {
	name, comment, flag, importance string
	reqs                            []string
	stage                           []vectors.Stage // where a rejection is right, if it is one
	requests                        []vectors.HTTPRequest
	change                          func(*vectors.HTTPTest)
}

// test makes the result of what is permitted: acceptable if a request may be
// accepted or not, invalid if none may be accepted, else valid.
func (c conversation) test() *vectors.HTTPTest {
	t := &vectors.HTTPTest{
		Case: vectors.Case{ID: "http/" + c.name, Since: first, Comment: c.comment, Flags: []string{c.flag}, Reqs: c.reqs,
			Importance: c.importance, Result: vectors.Invalid},
		Requests: c.requests,
	}
	stage := c.stage
	if stage == nil {
		stage = []vectors.Stage{vectors.StageHTTP}
	}
	for _, r := range c.requests {
		at := slices.Index(r.Expect, vectors.Accepted)
		if at >= 0 && t.Result == vectors.Invalid {
			t.Result = vectors.Valid
		}
		if at >= 0 && len(r.Expect) > 1 {
			t.Result, t.Permitted = vectors.Acceptable, []vectors.Outcome{{Stage: stage}, {Accept: true}}
			if at == 0 {
				slices.Reverse(t.Permitted)
			}
		}
	}
	// What is written in HTTP is HTTP's, and what is in the body is the protocol's.
	ours := (c.flag == "Body" || c.flag == "Type") && len(t.Permitted) > 0 && !t.Permitted[0].Accept
	t.Free = t.Result == vectors.Acceptable && !ours
	if ours {
		t.Reqs = append(slices.Clip(t.Reqs), "REQ-HTTP-006")
	}
	if t.Result == vectors.Invalid {
		t.RejectStage = stage
	}
	if c.change != nil {
		c.change(t)
	}
	return t
}

func pipelined(t *vectors.HTTPTest) { t.Pipelined = true }
func bytewise(t *vectors.HTTPTest)  { t.Bytewise = true }
func halfClose(t *vectors.HTTPTest) { t.End = "half-close" }

// silent waits for what the backend does about a request that does not end.
func silent(t *vectors.HTTPTest) { t.End, t.Features = "silence", []string{"patience"} }

// The answers that are permitted, by what becomes of the request.
var (
	accepted = []string{vectors.Accepted}
	rejects  = []string{vectors.Refused, vectors.Closed}
	rather   = []string{vectors.Accepted, vectors.Refused, vectors.Closed} // better accepted
	either   = []string{vectors.Refused, vectors.Closed, vectors.Accepted} // better not
)

// The parts of a request.
const (
	postLine   = "POST ${BASE}/${DEVICE} HTTP/1.1\r\n"
	hostLine   = "Host: ${HOST}\r\n"
	jsonLine   = "Content-Type: application/json\r\n"
	lengthLine = "Content-Length: ${LENGTH}\r\n"
	chunkLine  = "Transfer-Encoding: chunked\r\n"
	head       = postLine + hostLine + jsonLine + lengthLine + "\r\n"
	chunkHead  = postLine + hostLine + jsonLine + chunkLine + "\r\n"
	body       = `{"msg":"${MSG}"}`
	body2      = `{"msg":"${MSG+1}"}`
	good       = head + body
	good2      = head + body2
	unreadable = head + `{"msg":`
)

// one is a connection with one request, and two one with two.
func one(text string, expect []string) []vectors.HTTPRequest {
	return []vectors.HTTPRequest{{Text: text, Expect: expect}}
}

func two(text string, expect []string, text2 string, expect2 []string) []vectors.HTTPRequest {
	return append(one(text, expect), one(text2, expect2)...)
}

// with is a good request with a further line in its header.
func with(line string) string {
	return postLine + hostLine + jsonLine + lengthLine + line + "\r\n" + body
}

// typed is a good request of that content type.
func typed(line string) string { return postLine + hostLine + line + lengthLine + "\r\n" + body }

// The requirements that connections show.
var (
	framing  = []string{"REQ-HTTP-003", "REQ-RSP-001"}
	bounds   = []string{"REQ-HTTP-002", "REQ-SEQ-007", "REQ-SEQ-010"}
	bounded  = []string{"REQ-HTTP-004", "REQ-SEQ-010"}
	nobody   = []string{"REQ-HTTP-001", "REQ-SEQ-010"}
	hostile  = []string{"REQ-HTTP-005", "REQ-HTTP-001", "REQ-RSP-005", "REQ-SEQ-010"}
	shape    = []string{"REQ-ENV-001", "REQ-SEQ-007", "REQ-SEQ-010"}
	bodyOnly = []vectors.Stage{vectors.StageBody}
	lookup   = []vectors.Stage{vectors.StageHTTP, vectors.StageDevice}
)

var httpNotes = map[string]vectors.Note{
	"WellMade":  {BugType: "BASIC", Description: "Requests that are right.", Effect: "No device works."},
	"Split":     {BugType: "FUNCTIONALITY", Description: "A request in several packets.", Effect: "A device with a small buffer, or a bad link, gets nothing through."},
	"Chunked":   {BugType: "FUNCTIONALITY", Description: "A body in chunks.", Effect: "Clients that stream are refused; or a chunk that is missing is not missed."},
	"KeepAlive": {BugType: "FUNCTIONALITY", Description: "Several requests on one connection.", Effect: "The second is lost, or is taken for a part of the first."},
	"Method":    {BugType: "MISSING_STEP", Description: "Other methods than POST.", Effect: "A reading can be stored by a link."},
	"Path":      {BugType: "EDGE_CASE", Description: "Other ways to write the path.", Effect: "A rule of whatever stands in front is passed by."},
	"Device": {BugType: "AUTH_BYPASS", Description: "Ids that mean something to what they are pasted into.", Effect: "The id reaches SQL or a file's path: other devices' keys are used, or read.",
		Links: []string{"https://cwe.mitre.org/data/definitions/89.html", "https://cwe.mitre.org/data/definitions/22.html"}},
	"NoDevice": {BugType: "ISOLATION", Description: "A device that nobody has provisioned.", Effect: "Whoever can reach the backend adds devices to it."},
	"Type":     {BugType: "MISSING_STEP", Description: "Content types.", Effect: "A page of another site can post readings with a form, which asks for no leave; or a client is refused for a parameter."},
	"Body":     {BugType: "TYPE_CONFUSION", Description: "Bodies that are no object with a string under msg.", Effect: "The handler throws: the backend ends, or says where."},
	"Spelling": {BugType: "EDGE_CASE", Description: "The same JSON, written otherwise.", Effect: "The body is searched in place of parsed; clients of other languages are refused."},
	"Length":   {BugType: "MODIFIED_PARAMETER", Description: "Content-Length that is wrong.", Effect: "A part of one request is taken for another, or a reading is stored of which a part is missing."},
	"Smuggling": {BugType: "AUTH_BYPASS", Description: "Two statements of the length that disagree.", Effect: "Two programs in a row see different requests.",
		Links: []string{"https://www.rfc-editor.org/rfc/rfc9112#section-6.3"}},
	"Size":     {BugType: "DENIAL_OF_SERVICE", Description: "More than a device would ever send.", Effect: "Memory runs out."},
	"Depth":    {BugType: "DENIAL_OF_SERVICE", Description: "JSON that is nested deeply.", Effect: "The stack runs out, and the backend ends."},
	"Grammar":  {BugType: "EDGE_CASE", Description: "HTTP that is not quite HTTP.", Effect: "The backend ends, or waits for ever."},
	"Unended":  {BugType: "DENIAL_OF_SERVICE", Description: "Requests that do not end.", Effect: "A few hundred connections that say nothing lock all devices out."},
	"Continue": {BugType: "FUNCTIONALITY", Description: "Expect: 100-continue, as curl sends it before larger bodies.", Effect: "Client and backend wait for each other."},
}
