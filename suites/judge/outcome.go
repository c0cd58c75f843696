package judge

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/vectors"
)

// What is compared of the outcome of one message.
const (
	ofRefusal      aspect = "refusal"
	ofAcceptance   aspect = "acceptance"
	ofStage        aspect = "stage"
	ofText         aspect = "text"
	ofNext         aspect = "next"
	ofData         aspect = "data"
	ofReading      aspect = "whether there is a reading"
	ofAlternatives aspect = "alternatives"
)

// readers are the stages that reading a text can refuse at; opening a message
// has the others, and may have the first of these.
var readers = []vectors.Stage{vectors.StageInnerUTF8, vectors.StageInnerJSON, vectors.StageFields, vectors.StageSEQNType, vectors.StageSEQNReplay}

// seen is what came of one message or of one text.
type seen struct {
	opened  bool          // a message: it gave a text
	text    []byte        // that text
	refused bool          // by whichever of the two was asked last
	stage   vectors.Stage // where, if the code says so
	unread  bool          // reading the text is not implemented
	reading codec.Reading // if it was read and not refused
}

// String says what came, in a few words that follow a "got".
func (s seen) String() string {
	at := ""
	if s.stage != "" {
		at = " at " + string(s.stage)
	}
	switch {
	case s.refused && s.opened:
		return fmt.Sprintf("the text %s, refused%s", quote(s.text), at)
	case s.refused:
		return "a refusal" + at
	case s.unread:
		return fmt.Sprintf("the text %s", quote(s.text))
	case s.opened:
		return fmt.Sprintf("the text %s, next %s, data %s", quote(s.text), cut(s.reading.Next), cut(string(s.reading.Data)))
	}
	return fmt.Sprintf("next %s, data %s", cut(s.reading.Next), cut(string(s.reading.Data)))
}

// fit is how an outcome and what came go together.
type fit struct {
	ok       bool
	open     bool     // cannot be told, since reading is not implemented
	why      string   // not ok: what is amiss
	dialects []string // ok: what it betrays
	partly   bool     // ok, as far as it was judged
}

func amiss(format string, args ...any) fit { return fit{why: fmt.Sprintf(format, args...)} }

// fits compares what came with one outcome.
func (j *judge) fits(o vectors.Outcome, s seen) fit {
	f := j.fitsRefusal(o, s)
	if o.Accept {
		f = j.fitsReading(o, s)
	}
	if f.ok && o.Dialect != "" {
		f.dialects = append([]string{o.Dialect}, f.dialects...)
	}
	return f
}

func (j *judge) fitsRefusal(o vectors.Outcome, s seen) fit {
	readable := slices.ContainsFunc(o.Stage, func(s vectors.Stage) bool { return slices.Contains(readers, s) })
	named := s.stage != "" && !slices.Contains(o.Stage, s.stage)
	late := s.opened && !readable
	switch {
	case !s.refused && s.unread && readable:
		return fit{open: true, why: "the text came out, and only reading it, which the code does not implement, could refuse it"}
	case !s.refused && j.differs(ofAcceptance, true):
		return amiss("it must be refused")
	case s.refused && len(o.Stage) > 0 && j.differs(ofStage, named || late):
		return amiss("it must be refused for what is wrong with it")
	}
	return fit{ok: true}
}

func (j *judge) fitsReading(o vectors.Outcome, s seen) fit {
	noReading := o.Next == "" && o.Data == ""
	switch {
	case s.refused && !(s.opened && noReading):
		if j.differs(ofRefusal, true) {
			return amiss("it must be accepted")
		}
	case o.PlainHex != nil && j.differs(ofText, s.opened && hex.EncodeToString(s.text) != *o.PlainHex):
		return amiss("the text must be another")
	case noReading && o.PlainHex != nil && j.differs(ofReading, s.opened && !s.refused && !s.unread):
		return amiss("no reading may come of that text")
	case s.unread:
		return fit{ok: true, partly: true}
	case o.Next != "" && j.differs(ofNext, s.reading.Next != o.Next):
		return amiss("next must be another")
	case o.Data == "" || !j.differs(ofData, !bytes.Equal(s.reading.Data, []byte(o.Data))):
	case !j.same(s.reading.Data, []byte(o.Data)):
		return amiss("data must be unchanged")
	case !j.lenient("REQ-SEQ-014"): // byte for byte
		return fit{why: "data must be given back byte for byte", dialects: []string{reencoded}}
	default:
		return fit{ok: true, dialects: []string{reencoded}}
	}
	return fit{ok: true}
}

// same compares values of data.
func (j *judge) same(a, b []byte) bool {
	if j.faults.same != nil {
		return j.faults.same(a, b)
	}
	return sameValue(a, b)
}

// reencoded is the dialect of code that keeps the value of data and not its
// bytes. REQ-SEQ-009 wants data unchanged; a reading is its value, so that core
// is content with the same value in other words.
const reencoded = "reencoded-data"

// outcome judges what came of a message or a text by what the test permits.
func (j *judge) outcome(r *Result, c *vectors.Case, s seen) {
	permitted := c.Permitted
	switch {
	case c.Result == vectors.Valid && c.Expect != nil:
		permitted = []vectors.Outcome{*c.Expect}
	case c.Result == vectors.Invalid:
		permitted = []vectors.Outcome{{Stage: c.RejectStage}}
	}
	if len(permitted) == 0 {
		r.broken(fmt.Errorf("it is %s and permits nothing", c.Result))
		return
	}
	if s.refused {
		r.Stage, r.mute = s.stage, s.stage == ""
	}
	for _, o := range permitted {
		if !o.Accept {
			r.Stages = o.Stage
		}
	}
	var first, taken fit // of the first outcome, which is what everybody should do; of the first that fits
	unsure := false
	for i, o := range permitted {
		f := j.fits(o, s)
		if i == 0 {
			first = f
		}
		unsure = unsure || f.open
		if !f.ok || r.Alternative == 1 {
			continue
		}
		switch closer := detail(o) - detail(permitted[max(r.Alternative-1, 0)]); {
		case r.Alternative == 0 || closer > 0:
			r.Alternative, taken, r.Dialects = i+1, f, f.dialects
		case closer == 0:
			r.Dialects = union(r.Dialects, f.dialects)
		}
	}
	lenient := j.lenient(c.Reqs...)
	right := r.Alternative == 1 || r.Alternative > 1 && lenient
	if c.Result != vectors.Acceptable {
		r.Alternative = 0
	}
	switch {
	case right:
		r.Partly = taken.partly
		r.end(Pass, "%s", passed(s, taken, r.Dialects))
		return
	case unsure:
		r.Dialects, r.Alternative = nil, 0
		r.end(NotRun, "%s", first.why)
		return
	case !taken.ok:
		r.Dialects = union(mistakes(c.Mistakes, s), first.dialects)
	}
	why := first.why
	if lenient && len(permitted) > 1 {
		why = "that is none of these"
	}
	r.end(Fail, "expected %s, got %s: %s", expected(permitted, lenient), s, why)
	if c.Result == vectors.Acceptable && !j.differs(ofAlternatives, true) {
		r.end(Pass, "got %s", s)
	}
}

// passed is the sentence of a test that passed.
func passed(s seen, f fit, dialects []string) string {
	if f.partly {
		return fmt.Sprintf("got %s; what is read in it was not judged, for the code does not implement payload", s)
	}
	if len(dialects) > 0 {
		return fmt.Sprintf("got %s, which is permitted, and is the dialect %s", s, strings.Join(dialects, " or "))
	}
	return fmt.Sprintf("got %s", s)
}

// mistakes returns the dialects of the known mistakes that what came may be.
func mistakes(known []vectors.Outcome, s seen) []string {
	open := judge{profile: Profiles[0], suite: &vectors.Suite{}}
	var dialects []string
	most := 0
	for _, o := range known {
		f := open.fits(o, s)
		if !f.ok || detail(o) < most {
			continue
		}
		if detail(o) > most {
			most, dialects = detail(o), nil
		}
		dialects = union(dialects, f.dialects)
	}
	return dialects
}

// detail is how much an outcome says: of two that fit, the one that says more
// is what came.
func detail(o vectors.Outcome) (n int) {
	for _, said := range []bool{o.PlainHex != nil, o.Next != "", o.Data != ""} {
		if said {
			n++
		}
	}
	return n
}

func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

// expected says what was permitted.
func expected(permitted []vectors.Outcome, all bool) string {
	if !all {
		permitted = permitted[:1]
	}
	var words []string
	for _, o := range permitted {
		words = append(words, wording(o))
	}
	return strings.Join(words, ", or ")
}

func wording(o vectors.Outcome) string {
	if !o.Accept {
		if len(o.Stage) == 0 {
			return "a refusal"
		}
		var at []string
		for _, s := range o.Stage {
			at = append(at, string(s))
		}
		return "a refusal at " + strings.Join(at, " or ")
	}
	var words []string
	if o.PlainHex != nil {
		p, _ := hex.DecodeString(*o.PlainHex)
		words = append(words, "the text "+quote(p))
	}
	if o.Next != "" {
		words = append(words, "next "+cut(o.Next))
	}
	if o.Data != "" {
		words = append(words, "data "+cut(o.Data))
	}
	if len(words) == 0 {
		return "to be accepted"
	}
	return strings.Join(words, ", ")
}

// width is how much of a value a sentence quotes.
const width = 72

func cut(s string) string {
	if len(s) > width {
		return fmt.Sprintf("%s… (%d bytes)", strings.ToValidUTF8(s[:width], ""), len(s))
	}
	return s
}

func quote(p []byte) string {
	if len(p) > width {
		return fmt.Sprintf("%q… (%d bytes)", p[:width], len(p))
	}
	return fmt.Sprintf("%q", p)
}
