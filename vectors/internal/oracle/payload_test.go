package oracle

import (
	"encoding/hex"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/vectors"
)

// question asks one reader of payload.py or payload.js about one text.
type question struct {
	Reader    string  `json:"reader,omitempty"`
	Next      string  `json:"next,omitempty"`
	Text      string  `json:"text"` // in hex
	Canonical *string `json:"canonical,omitempty"`
}

// answer is what a reader makes of a text.
type answer struct {
	Accept    bool          `json:"accept"`
	Next      string        `json:"next"`
	Data      string        `json:"data"`
	Stage     vectors.Stage `json:"stage"`
	Fault     string        `json:"fault"`
	Broken    string        `json:"broken"`
	Canonical string        `json:"canonical"`
}

// TestPayloadStrict holds what the strict profile demands against a reader that
// was written apart, in Python.
func TestPayloadStrict(t *testing.T) {
	tests := payloads(t)
	answers := ask[answer](t, tests.questions("strict"), need.Python(t, "json"), "testdata/payload.py")
	for _, complaint := range tests.strictly(answers) {
		t.Error(complaint)
	}
	confirmed(t, "python", len(tests), "payloads read or refused, as the strict profile demands")
}

// compiled builds payload.c, which wants cJSON.
func compiled(t *testing.T) string {
	t.Helper()
	gcc := need.Tool(t, "gcc")
	need.File(t, "/usr/include/cjson/cJSON.h", "Debian's libcjson-dev")
	program := filepath.Join(t.TempDir(), "payload")
	if out, err := exec.Command(gcc, "-O1", "-Wall", "-Wextra", "-Werror", "-o", program, "testdata/payload.c", "-lcjson", "-lm").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	return program
}

// strictly compares answers with what the strict profile demands.
func (tests payloadTests) strictly(answers []answer) (complaints []string) {
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	for i, test := range tests {
		got, want := answers[i], test.right()[0]
		switch {
		case got.Broken != "":
			complain("%s: the oracle is of two minds: %s", test.ID, got.Broken)
		case got.Fault != "":
			complain("%s: the oracle fails with %s", test.ID, got.Fault)
		case got.Accept != want.Accept, got.Next != want.Next, got.Data != want.Data:
			complain("%s: the oracle says %.200v, the test %.200v", test.ID, got, want)
		case !got.Accept && !slices.Contains(want.Stage, got.Stage):
			complain("%s: the oracle refuses it at %s, the test at %s", test.ID, got.Stage, want.Stage)
		}
	}
	return complaints
}

// TestPayloadPipelines lets code read the texts that is written as such code
// usually is. What comes must be right, or carry the name of a dialect that the
// code is known to have; and each dialect must show.
func TestPayloadPipelines(t *testing.T) {
	tests := payloads(t)
	python, node := need.Python(t, "json"), need.Tool(t, "node")
	runs := slices.Concat(tests.run(t, "python", inPython, python, "testdata/payload.py"), tests.run(t, "node", inNode, node, "testdata/payload.js"))
	runs = append(runs, tests.run(t, "c", inC, compiled(t))...)
	for _, p := range inGo {
		runs = append(runs, run{p, "go", tests.inGo(t, p.name)})
	}
	same := tests.canonical(t, python, runs)
	shown := map[string]bool{} // id and outcome, by some pipeline
	for _, r := range runs {
		for _, complaint := range r.judge(tests, same, shown) {
			t.Errorf("%s, %s: %s", r.language, r.pipeline.name, complaint)
		}
	}
	readers := map[string]int{}
	for _, r := range runs {
		t.Log(r.sum(tests, same))
		readers[r.language]++
	}
	for _, language := range slices.Sorted(maps.Keys(readers)) {
		confirmed(t, language, len(tests), fmt.Sprintf("payloads, by %d readers: as the strict, or of their dialects", readers[language]))
	}
	for _, test := range tests {
		for _, o := range slices.Concat(test.right()[1:], test.Mistakes) {
			if !shown[mark(test.ID, o)] {
				t.Errorf("%s: no pipeline shows %+.200v", test.ID, o)
			}
		}
	}
}

// run is what one pipeline has made of all texts.
type run struct {
	pipeline pipeline
	language string
	answers  []answer
}

// judge names what came of each text, marks in shown which of the tests' outcomes
// that were, and returns what has no name.
func (r run) judge(tests payloadTests, same map[string]string, shown map[string]bool) (complaints []string) {
	complain := func(format string, args ...any) { complaints = append(complaints, fmt.Sprintf(format, args...)) }
	found := map[string]bool{}
	for i, test := range tests {
		got := r.answers[i]
		if got.Broken != "" {
			complain("%s: %s", test.ID, got.Broken)
		}
		fits := func(o vectors.Outcome) bool { return got.fits(o, same) }
		right := test.right()
		if fits(right[0]) {
			if got.Data != right[0].Data {
				found["reencoded-data"] = true
			}
			continue
		}
		var known, all []string
		for _, o := range slices.Concat(right[1:], test.Mistakes) {
			if !fits(o) {
				continue
			}
			all = append(all, o.Dialect)
			if slices.Contains(r.pipeline.dialects, o.Dialect) {
				known = append(known, o.Dialect)
				shown[mark(test.ID, o)] = true
				found[o.Dialect] = true
			}
		}
		if known == nil {
			complain("%s: %.300v, which may be of %q", test.ID, got, all)
		}
	}
	for _, dialect := range r.pipeline.dialects {
		if !found[dialect] {
			complain("is said to be of %s, and never shows it", dialect)
		}
	}
	for dialect := range found {
		if !slices.Contains(r.pipeline.dialects, dialect) {
			complain("is of %s, which nobody said", dialect)
		}
	}
	return complaints
}

// TestPayloadOraclesComplain spoils what the oracles say, in one place at a
// time.
func TestPayloadOraclesComplain(t *testing.T) {
	tests := payloads(t)
	python := need.Python(t, "json")
	answers := ask[answer](t, tests.questions("strict"), python, "testdata/payload.py")
	careful := tests.run(t, "python", inPython[2:3], python, "testdata/payload.py")[0]
	same := tests.canonical(t, python, []run{careful})
	at := slices.IndexFunc(tests, func(test payloadTest) bool { return test.ID == "payload/data/object" })
	for name, spoil := range map[string]func(*answer){
		"refused": func(a *answer) { *a = answer{Stage: vectors.StageFields} },
		"next":    func(a *answer) { a.Next += "0" },
		"data":    func(a *answer) { a.Data = "null" },
		"fault":   func(a *answer) { *a = answer{Fault: "ValueError"} },
		"broken":  func(a *answer) { a.Broken = "of two minds" },
	} {
		spoiled := slices.Clone(answers)
		spoil(&spoiled[at])
		if got := tests.strictly(spoiled); len(got) != 1 {
			t.Errorf("%s, strict: %q", name, got)
		}
		r := careful
		r.answers = slices.Clone(careful.answers)
		spoil(&r.answers[at])
		if got := r.judge(tests, same, map[string]bool{}); len(got) != 1 {
			t.Errorf("%s, careful: %q", name, got)
		}
	}
	replay := slices.IndexFunc(tests, func(test payloadTest) bool { return test.ID == "payload/seqn-from-121/120" })
	answers[replay].Stage = vectors.StageInnerJSON
	if got := tests.strictly(answers); len(got) != 1 {
		t.Errorf("stage: %q", got)
	}
	r := careful
	r.pipeline.dialects = append(slices.Clone(r.pipeline.dialects[1:]), "text-search")
	if got := r.judge(tests, same, map[string]bool{}); len(got) < 2 {
		t.Errorf("dialects: %q", got)
	}
}

// fits reports whether the answer is that outcome.
func (a answer) fits(o vectors.Outcome, same map[string]string) bool {
	return a.Accept == o.Accept && (!o.Accept || (o.Next == a.Next || o.Next == "") && (o.Data == "" || same[o.Data] == same[a.Data]))
}

// sum says how much of it is right.
func (r run) sum(tests payloadTests, same map[string]string) string {
	strict, permitted := 0, 0
	for i, test := range tests {
		fits := func(o vectors.Outcome) bool { return r.answers[i].fits(o, same) }
		switch right := test.right(); {
		case fits(right[0]):
			strict++
		case slices.ContainsFunc(right, fits):
			permitted++
		}
	}
	return fmt.Sprintf("%-6s %-14s %d texts: %d as the strict, %d permitted, %d wrong", r.language, r.pipeline.name, len(tests), strict, permitted, len(tests)-strict-permitted)
}

func mark(id string, o vectors.Outcome) string {
	return fmt.Sprint(id, o.Accept, o.Next, o.Data, o.Dialect)
}

// payloadTest is a test and the next that it meets.
type payloadTest struct {
	*vectors.PayloadTest
	next string
}

type payloadTests []payloadTest

func payloads(t *testing.T) payloadTests {
	t.Helper()
	suite, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	var tests payloadTests
	for g, test := range vectors.Of[*vectors.PayloadTest](suite) {
		tests = append(tests, payloadTest{test, g.Next})
	}
	return tests
}

// run asks one program for all of its readers.
func (tests payloadTests) run(t *testing.T, language string, pipelines []pipeline, program string, args ...string) []run {
	t.Helper()
	var questions []question
	for _, p := range pipelines {
		questions = append(questions, tests.questions(p.name)...)
	}
	answers := ask[answer](t, questions, program, args...)
	var runs []run
	for i, p := range pipelines {
		runs = append(runs, run{p, language, answers[i*len(tests) : (i+1)*len(tests)]})
	}
	return runs
}

func (tests payloadTests) questions(reader string) []question {
	var list []question
	for _, test := range tests {
		list = append(list, question{Reader: reader, Next: test.next, Text: test.PlainHex})
	}
	return list
}

func (tests payloadTests) inGo(t *testing.T, reader string) []answer {
	var list []answer
	for _, test := range tests {
		text, err := hex.DecodeString(test.PlainHex)
		if err != nil {
			t.Fatal(err)
		}
		next, data, err := goReaders[reader](text, test.next)
		if err == nil && data == nil {
			data = []byte("null")
		}
		if !utf8.Valid(data) {
			data = []byte("no text")
		}
		list = append(list, answer{Accept: err == nil, Next: next, Data: string(data)})
	}
	return list
}

// canonical returns one spelling for each data that stands in the tests or came
// of them.
func (tests payloadTests) canonical(t *testing.T, python string, runs []run) map[string]string {
	var all []string
	for i, test := range tests {
		for _, o := range slices.Concat(test.right(), test.Mistakes) {
			all = append(all, o.Data)
		}
		for _, r := range runs {
			all = append(all, r.answers[i].Data)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	var questions []question
	for _, data := range all {
		questions = append(questions, question{Canonical: &data})
	}
	same := map[string]string{}
	for i, a := range ask[answer](t, questions, python, "testdata/payload.py") {
		same[all[i]] = a.Canonical
	}
	return same
}

// right returns all that is permitted, the strict outcome first.
func (p payloadTest) right() []vectors.Outcome {
	switch p.Result {
	case vectors.Valid:
		return []vectors.Outcome{*p.Expect}
	case vectors.Invalid:
		return []vectors.Outcome{{Stage: p.RejectStage}}
	}
	return p.Permitted
}
