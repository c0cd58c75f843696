package page_test

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/timeline"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/page"
)

const secret = "a secret? 100% ü"

// sample is a run with a result of each kind, and numbers from 0 to 2^53-2.
func sample() *evidence.Run {
	began := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)
	r := &evidence.Run{
		Version: "1.0.0", Suite: evidence.Suite{SpecVersion: "1.0.0", VectorsVersion: "1.0.0", SHA256: "00"},
		Started: began, Finished: began.Add(20 * time.Second), Seed: 71332639, Repeat: "espalier conform --seed 71332639", Profiles: []string{"core", "strict"},
		Target: evidence.Target{URL: "http://127.0.0.1:1880/data", Server: "Werkstatt/1.0", Hooks: []string{}, Devices: []evidence.Device{
			{ID: "12FA", Next: "1795703605451", Left: "1795703609999"}, {ID: "34BC", Next: "121", Lost: "it was locked out by payload/top", Disposable: true}}},
		Requirements: []evidence.Requirement{
			{ID: "REQ-SEQ-001", Text: "Accept if and only if SEQN ≥ next", Section: "3.3", Levels: map[string]string{"core": "MUST", "strict": "MUST", "secure": "MUST", "durable": "MUST"}},
			{ID: "REQ-ENV-005", Text: "PKCS#7 checked in full", Section: "3.5", Levels: map[string]string{"core": "SHOULD", "strict": "MUST", "secure": "MUST", "durable": "SHOULD"}},
			{ID: "REQ-RSP-004", Text: "Answers take the same time", Levels: map[string]string{"secure": "SHOULD"}},
			{ID: "REQ-SEQ-009", Text: "What is OK is stored", Levels: map[string]string{"durable": "MUST"}, Hidden: true},
			{ID: "REQ-BOOT-001", Text: "The image boots", Levels: map[string]string{"device": "MUST"}, Hidden: true},
		},
		Secrets: []string{secret},
	}
	for i, v := range []struct {
		id, req string
		verdict evidence.Verdict
		why     string
	}{
		{"sequence/in-order", "REQ-SEQ-001", evidence.Pass, ""},
		{"sequence/replay", "REQ-SEQ-001", evidence.Fail, "number 1795703605452 was accepted a second time"},
		{"envelope/pad-x923", "REQ-ENV-005", evidence.Fail, "it was accepted"},
		{"envelope/pad-zero", "REQ-ENV-005", evidence.XFail, "it was accepted"},
		{"envelope/known-answer", "REQ-ENV-005", evidence.XPass, "it was expected to fail, and passed"},
		{"http/slow", "REQ-SEQ-001", evidence.Hang, "no answer within 5s"},
		{"http/death", "REQ-SEQ-001", evidence.Crash, "connection refused"},
		{"oracle/time", "REQ-RSP-004", evidence.Inconclusive, "there is too much noise"},
		{"oracle/odd", "REQ-RSP-004", evidence.Error, "the hook failed"},
		{"forgery/edit", "REQ-ENV-005", evidence.Limit, "an edit that no backend can notice"},
		{"native/kill", "REQ-SEQ-009", evidence.NotRun, "the backend cannot be killed from here"},
		{"payload/top", "REQ-SEQ-001", evidence.Skip, "device 12FA stands at 1795703605451, above the test's 121"},
	} {
		res := evidence.Result{ID: v.id, Comment: "comment of " + v.id, Importance: "high", Reqs: []string{v.req}, Verdict: v.verdict, Why: v.why, Began: time.Duration(i) * 1500 * time.Millisecond, Took: time.Second}
		switch v.verdict {
		case evidence.XFail:
			res.Was, res.Expected = evidence.Fail, &evidence.Expected{Reason: "the library is old", Issue: "#7", Expires: "2027-01-31"}
		case evidence.XPass:
			res.Was, res.Expected = evidence.Pass, &evidence.Expected{Reason: "the library was old"}
		}
		if v.verdict.Broken() {
			res.Repeat, res.Shell = "espalier conform --only '^"+v.id+"$'", []string{"curl -si --data '{\"msg\":\"U2FsdGVkX18=\"}' http://127.0.0.1:1880/data/12FA"}
			res.Notes = []string{"a note of " + v.id}
		}
		if v.id == "envelope/pad-x923" {
			res.Dialect, res.Maybe = "cryptojs-unpad", []string{"unchecked-padding"}
		}
		if v.verdict != evidence.NotRun && v.verdict != evidence.Skip {
			res.Exchanges = exchanges(uint64(i), v.verdict)
		}
		r.Results = append(r.Results, res)
	}
	return r
}

// exchanges are some messages of both devices, near and far apart.
func exchanges(i uint64, v evidence.Verdict) (list []evidence.Exchange) {
	at := func(device string, seqn, next uint64, o evidence.Outcome) {
		list = append(list, evidence.Exchange{What: fmt.Sprintf("step %d", len(list)), Device: device, SEQN: fmt.Sprint(seqn), Next: fmt.Sprint(next), Sent: "U2FsdGVkX18=",
			Outcome: o, Answer: `200 "{\"status\":\"OK\"}"`, At: time.Duration(len(list)) * 40 * time.Millisecond, Took: 3 * time.Millisecond})
	}
	next := 1795703605451 + i*40 + i/4*(1<<20)
	for k := range uint64(12) {
		at("12FA", next+k, next+k, evidence.Accepted)
		at("12FA", next+k, next+k+1, evidence.Refused)
	}
	at("12FA", next+12+1<<(3*min(i, 6)), next+12, evidence.Accepted)
	at("12FA", 0, next+12, evidence.Refused)
	if v == evidence.Fail {
		at("12FA", next+1, next+12, evidence.Accepted)
	}
	if v == evidence.Hang {
		at("12FA", next+12, next+12, evidence.Unanswered)
	}
	at("34BC", 121+i, 121+i, evidence.Accepted)
	if i == 9 {
		at("34BC", 1<<53-2, 131, evidence.Accepted)
	}
	return list
}

// specs is a run of espalier run.
func specs() *report.Run {
	began, most := time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), 1.2
	return &report.Run{Version: "1.0.0", Started: began, Finished: began.Add(17 * time.Second), Seed: 7, Repeat: "espalier run --seed 7",
		Board:    report.Board{Name: "virtual", Port: "virtual:", MAC: "7a:e5:82:00:00:01"},
		Firmware: report.Firmware{Version: "espalier 1", Digest: "36c11986c3e3558febab3b61844b355f", Size: 17920}, Server: report.Server{Mode: "container", Why: "Docker answers"},
		Requirements: []report.Requirement{{ID: "REQ-SEQ-001", Level: "MUST", Text: "Accept if and only if SEQN ≥ next", Demanded: true}, {ID: "REQ-KDF-001", Level: "MUST", Text: "EVP_BytesToKey", Demanded: true}},
		Results: []report.Result{
			{ID: "A replay is refused", Requirements: []string{"REQ-SEQ-001"}, Status: report.Fail, Class: report.Nonconformant, Grade: report.Virtual, Message: "it was accepted",
				Expected: "NOT OK", Got: "OK", Log: []string{"device says OK"}, Location: "replay.go:12", Started: began.Add(time.Second), Duration: 2 * time.Second, Heard: &report.Span{First: 3, Last: 40}, Repeat: "espalier run --only replay", Labels: []string{"dialect:cryptojs-unpad"},
				Attempts: []report.Attempt{{Class: report.InfraPort, Message: "no SYNC"}}},
			{ID: "kdf/known-answer", Requirements: []string{"REQ-KDF-001"}, Status: report.Pass, Grade: report.Virtual},
			{ID: "A board that was pulled out", Status: report.Skip, Message: "nobody is there to pull it out"},
		},
		Measurements: []report.Measurement{{Name: "opens beside OpenSSL", Value: 1.5, Max: &most}, {Name: "boot", Value: 84.5, Unit: "ms"}, {Name: "nothing", Value: math.NaN()}}}
}

func conformance(t testing.TB, r *evidence.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.Conformance(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// heard is a timeline of a hundred events on all lanes, one of which is hostile.
func heard() (events []timeline.Event) {
	for i := range 100 {
		lane := timeline.Lanes[i%len(timeline.Lanes)]
		events = append(events, timeline.Event{At: time.Duration(i*i) * time.Millisecond, Lane: lane, Text: fmt.Sprintf("event %d <script>alert(1)</script> \u202e %s", i, strings.Repeat("long", 100))})
	}
	return events
}

func run(t testing.TB, r *report.Run) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.Run(&b, r, heard()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var spaces = regexp.MustCompile(`(<[^>]*>|\s)+`)

// text is what a page says, without its tags.
func text(html string) string {
	_, html, _ = strings.Cut(html, "</style>")
	return strings.NewReplacer("&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&", "&#43;", "+").Replace(spaces.ReplaceAllString(html, " "))
}

// Everything that helps stands on the page, the failures first.
func TestConformance(t *testing.T) {
	html := conformance(t, sample())
	says := text(html)
	at := 0
	for _, want := range []string{
		"nonconformant", "http://127.0.0.1:1880/data", "Profile strict. 2 of 2 requirements that it demands are broken.", "core ✗ nonconformant",
		"2 ✗ FAIL does what a requirement forbids", "1 ≈ LIMIT nobody could do better",
		"What is broken 4 tests, by requirement", "It points to 1 known mistake: cryptojs-unpad 1 test",
		"SEQ-001 MUST Accept if and only if SEQN ≥ next PROTOCOL.md 3.3", "sequence/replay", "requires SEQ-001 MUST Accept", "why number 1795703605452 was accepted a second time", "note a note of sequence/replay",
		"What was sent, and what came back", "accepted step 0 12FA, number 1795703605491 (next) 0.0 ms msg U2FsdGVkX18= answer 200", "refused step 1", "16 more", "accepted step 26 12FA, number 1795703605492 (next − 11)",
		"See it again espalier conform --only '^sequence/replay$'", "The same by hand curl -si --data",
		"no answer within 5s", "ENV-005 SHOULD, MUST in strict and secure", "points to cryptojs-unpad (or unchecked-padding) : Padding is taken off by its last byte alone",
		"Known mistakes that it points to", "What could not be decided", "XPASS: passed, though listed as failing", "the hook failed", "there is too much noise",
		"Sequence numbers over time", "Device 12FA", "263 messages; it began at number 1795703605451 , and is left at 1795703609999", "Accepted below next: 2 messages", "Device 34BC", "cannot be used again: it was locked out", "2^53−2",
		"Requirements", "Not listed: 1 requirement, which", "What failed as expected", "the library is old; issue #7; until 2027-01-31; it is FAIL", "Limits of the protocol", "an edit that no backend can notice",
		"What was not run, and why", "NOT RUN the backend cannot be killed from here", "SKIP device 12FA stands at …, above", "All tests", "sequence/in-order", "This run", "seed 71332639", "again espalier conform --seed 71332639",
	} {
		i := strings.Index(says[at:], want)
		if i < 0 {
			t.Errorf("%q is missing, or stands too early", want)
			continue
		}
		at += i
	}
	if t.Failed() {
		t.Log(says)
	}
	for _, c := range complaints(html) {
		t.Error(c)
	}
}

// What is said in one word follows from the results, and from nothing else.
func TestVerdicts(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*evidence.Run)
		says   string
	}{
		"all pass":         {func(r *evidence.Run) { r.Results, r.Profiles = r.Results[:1], []string{"core"} }, "✓ conformant http"},
		"one fails":        {func(r *evidence.Run) { r.Results, r.Profiles = r.Results[:2], []string{"core"} }, "✗ nonconformant http"},
		"one is not run":   {func(r *evidence.Run) { r.Results, r.Profiles = r.Results[:1], []string{"strict"} }, "! partial http"},
		"some are chosen":  {func(r *evidence.Run) { r.Results, r.Narrowed = r.Results[:1], true }, "Only some tests were selected, which"},
		"durable":          {func(r *evidence.Run) { r.Results, r.Profiles = r.Results[:1], []string{"core"} }, "durable not asked for – not tried"},
		"the URL is wrong": {func(r *evidence.Run) { r.Results, r.Unreachable = nil, "nothing listens there" }, "! unreachable http://127.0.0.1:1880/data nothing listens there"},
		"a wrong key":      {func(r *evidence.Run) { r.Results, r.Stranger = nil, "is it the passphrase?" }, "! not judged http://127.0.0.1:1880/data is it the passphrase?"},
		"it has no end":    {func(r *evidence.Run) { r.Finished = time.Time{} }, "! unfinished http"},
		"nothing is there": {func(r *evidence.Run) { *r = evidence.Run{} }, "! unfinished"},
		"expected":         {func(r *evidence.Run) { r.Results = []evidence.Result{r.Results[0], r.Results[3]} }, "All of the failures were expected."},
	} {
		r := sample()
		tt.change(r)
		html := conformance(t, r)
		if !strings.Contains(text(html), tt.says) {
			t.Errorf("%s: %.400s, want %q", name, text(html), tt.says)
		}
		for _, c := range complaints(html) {
			t.Errorf("%s: %s", name, c)
		}
	}
}

// A page of espalier run or espalier vectors says what those found.
func TestRun(t *testing.T) {
	html := run(t, specs())
	says := text(html)
	for _, want := range []string{"✗ nonconformant virtual 7a:e5:82:00:00:01", "1 test of 2 failed. Evidence: virtual.", "SEQ-001 MUST Accept if and only if", "A replay is refused", "expected NOT OK", "got OK", "heard lines 3 to 40 of timeline.jsonl", "each mark an event; 1 failed , shaded in red", "What was heard Heard within 1.5 s, each mark an event", "The last 38 of them as text", "+0.005 s lines event 3", "at replay.go:12", "evidence virtual",
		"an attempt before it failed, INFRA/port: no SYNC", "cryptojs-unpad", "device says OK", "See it again espalier run --only replay", "nobody is there to pull it out", "opens beside OpenSSL 1.5, beyond its limits", "boot 84.5 ms", "kdf/known-answer",
		"36c11986c3e3558febab3b61844b355f, 17920 bytes", "server container: Docker answers", "seed 7"} {
		if !strings.Contains(says, want) {
			t.Errorf("%q is missing in %s", want, says)
		}
	}
	r := specs()
	r.Board, r.Results = report.Board{}, r.Results[1:2]
	if got := text(run(t, r)); !strings.Contains(got, "! partial code behind a shim") {
		t.Errorf("%.300s", got)
	}
	r.Requirements = r.Requirements[1:]
	if got := text(run(t, r)); !strings.Contains(got, "✓ PASS code behind a shim") {
		t.Errorf("%.300s", got)
	}
	r.Finished = time.Time{}
	if got := text(run(t, r)); !strings.Contains(got, "! unfinished") {
		t.Errorf("%.300s", got)
	}
	for _, c := range complaints(html) {
		t.Error(c)
	}
}
