package shim

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/espalier-hil/espalier/reference-server/object"
	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/vectors"
)

// Kinds of nonsense. Only after the first do questions and answers still follow
// one another.
var (
	errContent = errors.New("in an answer to what was asked")
	errUnasked = errors.New("it was not asked")
	errDeaf    = errors.New("it cannot answer any more")
)

// answer is one line of the program: {"seq":n} and one of out, reject,
// unimplemented and errored.
type answer struct {
	kind string            // the one of the four that it is
	out  map[string]string // fields of out
	text string            // of reject and errored
}

// nonsense is an error about the line, of a kind.
func nonsense(kind error, line []byte, format string, args ...any) error {
	return told{codec.ErrNonsense, kind, fmt.Sprintf(format, args...) + ": " + excerpt(line)}
}

// told is an error whose text is only what is said, and which is both of what
// it is and of a kind that this package tells apart.
type told struct {
	what, kind error
	text       string
}

func (e told) Error() string   { return e.what.Error() + ": " + e.text }
func (e told) Unwrap() []error { return []error{e.what, e.kind} }

// unasked is the error about a line that came though nothing was asked after
// the question with that number.
func unasked(line []byte, seq int64) error {
	text := fmt.Sprintf("it said something before it was asked (the last question was %d)", seq)
	if a, err := parseAnswer(line, seq); err == nil && a.kind != "" {
		text = fmt.Sprintf("it answered question %d a second time", seq)
	}
	return told{codec.ErrNonsense, errUnasked, text + ": " + excerpt(line)}
}

// excerpt returns the beginning of a line, quoted.
func excerpt(line []byte) string { return beginning(line, 80) }

// called returns the name of a field, quoted, the beginning of a long one.
func called[S string | []byte](name S) string { return beginning([]byte(name), 24) }

// beginning returns the first bytes of a text, quoted.
func beginning(text []byte, most int) string {
	if len(text) > most {
		return strconv.Quote(string(text[:most])) + fmt.Sprintf(" … (%d bytes)", len(text))
	}
	return strconv.Quote(string(text))
}

// parseAnswer reads the line that came after question seq was put. Errors wrap
// [codec.ErrNonsense], and errContent where the line does answer the question.
func parseAnswer(line []byte, seq int64) (answer, error) {
	fields := map[string][]byte{}
	if err := object.Members(line, func(key, value []byte) error {
		fields[string(key)] = value
		return nil
	}); err != nil {
		return answer{}, nonsense(codec.ErrNonsense, line, "no JSON object on a line of its own (%s)", bare(err))
	}
	number, there := fields["seq"]
	if !there {
		return answer{}, nonsense(codec.ErrNonsense, line, "an answer without seq")
	}
	switch got, err := strconv.ParseInt(string(number), 10, 64); {
	case err == nil && 0 < got && got < seq:
		return answer{}, nonsense(errUnasked, line, "its seq is that of the earlier question %d, and question %d was put", got, seq)
	case err != nil || got != seq:
		return answer{}, nonsense(codec.ErrNonsense, line, "its seq is %.20s, and question %d was put", number, seq)
	}
	delete(fields, "seq")
	if len(fields) != 1 {
		return answer{}, nonsense(errContent, line, "beside seq stands one of out, reject, unimplemented and errored, and here stands %s", list(fields))
	}
	for kind, value := range fields {
		a, err := parseKind(kind, value)
		if err != nil {
			return answer{}, nonsense(errContent, line, "%s", err)
		}
		return a, nil
	}
	panic("unreachable")
}

// parseKind reads what stands beside seq.
func parseKind(kind string, value []byte) (answer, error) {
	a := answer{kind: kind}
	var err error
	switch kind {
	case "out":
		a.out = map[string]string{}
		err = object.Members(value, func(key, value []byte) error {
			text, err := object.String(value)
			if err != nil {
				return fmt.Errorf("%s of out is no text", called(key))
			}
			a.out[string(key)] = text
			return nil
		})
		if errors.Is(err, object.ErrSyntax) {
			err = errors.New("out is no object")
		}
	case "reject", "errored":
		if a.text, err = object.String(value); err != nil {
			err = fmt.Errorf("%s is no text", kind)
		}
	case "unimplemented":
		if string(value) != "true" {
			err = errors.New("unimplemented is true or not there")
		}
	default:
		err = fmt.Errorf("there is no answer %s", called(kind))
	}
	return a, err
}

// list names the fields of an object, the first few of many.
func list[V any](fields map[string]V) string {
	const most = 4
	if len(fields) == 0 {
		return "none"
	}
	names := slices.Sorted(maps.Keys(fields))
	rest := ""
	if len(names) > most {
		rest = fmt.Sprintf(" and %d more", len(names)-most)
		names = names[:most]
	}
	for i, name := range names {
		names[i] = called(name)
	}
	return strings.Join(names, ", ") + rest
}

// bare returns the text of an error of package object without its prefix.
func bare(err error) string { return strings.TrimPrefix(err.Error(), "object: ") }

// refusal returns the error that an answer without out stands for; one with out
// must have exactly these fields.
func (a answer) refusal(fields ...string) error {
	switch a.kind {
	case "reject":
		if stage := vectors.Stage(a.text); known(stage) {
			return codec.Rejected{Stage: stage}
		}
		return codec.Rejected{}
	case "unimplemented":
		return codec.ErrUnimplemented
	case "errored":
		return told{codec.ErrErrored, errContent, excerpt([]byte(a.text))}
	}
	complete := len(a.out) == len(fields)
	for _, name := range fields {
		_, there := a.out[name]
		complete = complete && there
	}
	if !complete {
		return told{codec.ErrNonsense, errContent, fmt.Sprintf("out has the fields %s, and here it has %s", strings.Join(fields, " and "), list(a.out))}
	}
	return nil
}

// bytes returns a field of out that is hexadecimal.
func (a answer) bytes(name string) ([]byte, error) {
	p, err := hex.DecodeString(a.out[name])
	if err != nil {
		return nil, told{codec.ErrNonsense, errContent, fmt.Sprintf("%s is no hexadecimal text: %s", name, excerpt([]byte(a.out[name])))}
	}
	return p, nil
}
