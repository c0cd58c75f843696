package live

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// readings look at what a backend has stored, where it tells.
var readings = []native{
	{
		Case: vectors.Case{
			ID: "readings/values", Comment: "each value of JSON as data, and in spellings that a library would not choose",
			Reqs: []string{"REQ-SEQ-009", "REQ-SEQ-014"}, Importance: "critical", Result: vectors.Valid, Features: []string{"hook.readings"},
		},
		run: (*run).values,
	},
	{
		Case: vectors.Case{
			ID: "readings/refused", Comment: "messages that are refused, each before one that is accepted",
			Reqs: []string{"REQ-SEQ-009", "REQ-SEQ-007"}, Importance: "critical", Result: vectors.Valid, Features: []string{"hook.readings"},
		},
		run: (*run).refusedReadings,
	},
	{
		Case: vectors.Case{
			ID: "readings/restart", Comment: "what was stored, after a restart",
			Reqs: []string{"REQ-SEQ-005", "REQ-SEQ-009"}, Importance: "critical", Result: vectors.Valid, Features: []string{"hook.readings", "hook.restart"},
		},
		run: func(r *run, ctx context.Context) error { return r.outlive(ctx, "restart") },
	},
	{
		Case: vectors.Case{
			ID: "readings/kill", Comment: "what was stored, after kill -9 right behind the answer",
			Reqs: []string{"REQ-SEQ-005", "REQ-SEQ-009"}, Importance: "critical", Result: vectors.Valid, Features: []string{"hook.readings", "hook.kill"},
		},
		run: func(r *run, ctx context.Context) error { return r.outlive(ctx, "kill9") },
	},
	{
		Case: vectors.Case{
			ID: "readings/unknown-device", Comment: "a device that nobody has provisioned sends, and is unknown afterwards",
			Reqs: []string{"REQ-HTTP-001"}, Importance: "critical", Result: vectors.Invalid, Features: []string{"hook.state"},
		},
		run: (*run).unborn,
	},
}

// spellings are values of JSON, as devices write them.
var spellings = []string{
	`300`, `null`, `false`, `0`, `""`, `{}`, `[]`,
	`{"value":300}`, `{ "value" : [ 300 , 1.50 ] }`, `-0.0`, `1E+2`, `12345678901234567890`, `0.1000000000000000055511151231257827`,
	`"\u0041\/\u00e9"`, `"\ud83d\ude00 é 😀"`, `"<a href='x'>&amp;</a>"`, `{"b":1,"a":2,"":3}`, `{"SEQN":7,"data":null}`,
	`[[[[[[[[[[1]]]]]]]]]]`, `"` + strings.Repeat("long ", 400) + `"`,
}

// values sends each value and looks whether just these were stored.
func (r *run) values(ctx context.Context) error {
	d, err := r.single(ctx)
	if err != nil {
		return err
	}
	if d.next > last-uint64(len(spellings))-1 {
		return notRun("device %s has not %d numbers left", d.id, len(spellings))
	}
	from, want := d.next, []Reading(nil)
	for _, value := range spellings {
		if err := r.store(ctx, d, value, &want); err != nil {
			return err
		}
	}
	if err := r.holds(ctx, d, from, want); err != nil {
		return err
	}
	return r.prove(ctx, d)
}

// refusedReadings sends what every profile refuses, each kind before a message
// that is accepted.
func (r *run) refusedReadings(ctx context.Context) error {
	d, err := r.single(ctx)
	if err != nil {
		return err
	}
	before, err := r.stored(ctx, d, 0) // what is refused may be stored under any number
	if err != nil {
		return err
	}
	want := before
	if err := r.store(ctx, d, `"first"`, &want); err != nil {
		return err
	}
	replay := r.seal(d, d.next-1)
	bad := []struct {
		what   string
		recipe vectors.Construct
	}{
		{"under another passphrase", vectors.Construct{Plain: `{"data":1,"SEQN":${SEQN}}`, Ops: []vectors.Op{{Op: "rekey", Style: "passphrase", Text: "another passphrase"}}}},
		{"that is no JSON", vectors.Construct{Plain: `{"data":1,"SEQN":${SEQN}`}},
		{"without data", vectors.Construct{Plain: `{"SEQN":${SEQN}}`}},
		{"whose number is a text", vectors.Construct{Plain: `{"data":1,"SEQN":"none"}`}},
		{"whose number is negative", vectors.Construct{Plain: `{"data":1,"SEQN":-1}`}},
	}
	messages, what := []message{replay}, []string{"with a number that was used"}
	for _, b := range bad {
		m, err := r.build(d, d.next, b.recipe)
		if err != nil {
			return fmt.Errorf("a message %s: %w", b.what, err)
		}
		messages, what = append(messages, m), append(what, b.what)
	}
	for i, m := range messages {
		a := r.post(ctx, "a message "+what[i], d, m)
		if err := a.trouble(); err != nil {
			return err
		}
		if a.accepted {
			return failed("a message %s was accepted: %s", what[i], a)
		}
		if err := r.store(ctx, d, fmt.Sprint(i), &want); err != nil {
			return err
		}
	}
	if err := r.holds(ctx, d, 0, want); err != nil {
		return err
	}
	return r.prove(ctx, d)
}

// outlive stores a few readings, has the backend start again, and looks whether
// they are there.
func (r *run) outlive(ctx context.Context, how string) error {
	d, err := r.single(ctx)
	if err != nil {
		return err
	}
	from, want := d.next, []Reading(nil)
	for i := range 3 {
		if err := r.store(ctx, d, fmt.Sprintf(`{"before":%q,"value":%d}`, how, i), &want); err != nil {
			return err
		}
	}
	if err := r.before(ctx, how, nil, nil); err != nil {
		return err
	}
	if r.target.Hooks.State != nil { // first of all it has to know the device
		if _, err := r.told(ctx, d); err != nil {
			return err
		}
	}
	if err := r.holds(ctx, d, from, want); err != nil {
		if f, is := err.(*finding); is && f.verdict == Fail {
			f.why, f.broke = "after it was started again "+f.why, []string{"REQ-SEQ-005"}
		}
		return err
	}
	return r.prove(ctx, d)
}

// unborn posts to a device that there is not, twice, and asks whether there is
// one now.
func (r *run) unborn(ctx context.Context) error {
	d := r.stranger(nil)
	for range 2 {
		a := r.post(ctx, "a message of a device that nobody has provisioned", d, r.seal(d, 121))
		if err := a.trouble(); err != nil {
			return err
		}
		if a.accepted {
			return failed("a message of device %s, which nobody has provisioned, was accepted", d.id)
		}
	}
	state, err := r.target.Hooks.State(ctx, d.id)
	if err != nil {
		return fmt.Errorf("state of device %s, which nobody has provisioned: %w", d.id, err)
	}
	if !state.Unknown {
		return failed("device %s, which nobody has provisioned, is known after its first message", d.id)
	}
	return nil
}

// single leases one device.
func (r *run) single(ctx context.Context) (*device, error) {
	devices, err := r.lease(ctx, map[string]string{"a": ordinary}, nil, false)
	return devices["a"], err
}

// store sends data, which must be accepted.
func (r *run) store(ctx context.Context, d *device, value string, want *[]Reading) error {
	m, err := r.build(d, d.next, vectors.Construct{Plain: `{"data":` + value + `,"SEQN":${SEQN}}`})
	if err != nil {
		return fmt.Errorf("a message with data %s: %w", shorten(value), err)
	}
	a := r.post(ctx, "data "+shorten(value), d, m)
	if err := a.trouble(); err != nil {
		return err
	}
	if !a.accepted {
		return against("REQ-SEQ-009", "data %s was refused at number %d: %s", shorten(value), d.next, a)
	}
	*want = append(*want, Reading{d.next, json.RawMessage(value)})
	d.next++
	return nil
}

// stored returns the readings of a device, in the order of their numbers.
func (r *run) stored(ctx context.Context, d *device, from uint64) ([]Reading, error) {
	list, err := r.target.Hooks.Readings(ctx, d.id, from)
	if err != nil {
		return nil, fmt.Errorf("readings of device %s: %w", d.id, err)
	}
	slices.SortStableFunc(list, func(a, b Reading) int { return cmp.Compare(a.SEQN, b.SEQN) })
	return list, nil
}

// holds compares what is stored of a device with what should be. That values are
// kept byte by byte strict profiles demand alone.
func (r *run) holds(ctx context.Context, d *device, from uint64, want []Reading) error {
	got, err := r.stored(ctx, d, from)
	if err != nil {
		return err
	}
	kept := map[uint64]json.RawMessage{}
	wanted := map[uint64]bool{}
	for _, w := range want {
		wanted[w.SEQN] = true
	}
	for _, g := range got {
		switch _, twice := kept[g.SEQN]; {
		case !wanted[g.SEQN]:
			return &finding{verdict: Fail, why: fmt.Sprintf("a reading is stored under number %d, which was not accepted: %s", g.SEQN, shorten(string(g.Data))), broke: []string{"REQ-SEQ-009", "REQ-SEQ-007"}}
		case twice:
			return against("REQ-SEQ-009", "the reading of number %d is stored twice", g.SEQN)
		}
		kept[g.SEQN] = g.Data
	}
	for _, w := range want {
		value, is := kept[w.SEQN]
		switch {
		case !is:
			return against("REQ-SEQ-009", "number %d was accepted, and no reading of it is stored", w.SEQN)
		case string(value) == string(w.Data):
		case !same(value, w.Data):
			return against("REQ-SEQ-009", "data of number %d was %s, and is stored as %s", w.SEQN, shorten(string(w.Data)), shorten(string(value)))
		case r.target.Strict && (r.lenient == nil || rewritten(value, w.Data) == inDoubles):
			r.lenient = &finding{verdict: Fail, dialect: rewritten(value, w.Data), broke: []string{"REQ-SEQ-014"}, why: fmt.Sprintf("data of number %d was %s, and is stored as %s, which profile core alone permits", w.SEQN, shorten(string(w.Data)), shorten(string(value)))}
		}
	}
	return nil
}

// The dialects of data that is not kept as it was written.
const (
	inDoubles = "float64-data"
	anew      = "reencoded-data"
)

// rewritten tells numbers that went through a double from text that was only
// written anew.
func rewritten(kept, sent json.RawMessage) string {
	if exact(kept) == exact(sent) {
		return anew
	}
	return inDoubles
}

// exact writes JSON in one way, each number with all of its digits.
func exact(text json.RawMessage) string {
	var v any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return ""
	}
	return fmt.Sprint(digits(v))
}

// digits puts each number's value, to 300 bits, in its place.
func digits(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, _, err := big.ParseFloat(v.String(), 10, 300, big.ToNearestEven)
		if err != nil || f.Sign() == 0 {
			return fmt.Sprint(f)
		}
		return f.Text('p', 0)
	case []any:
		for i := range v {
			v[i] = digits(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = digits(v[key])
		}
	}
	return v
}

// same reports whether two texts of JSON have one value, as far as a double tells
// numbers apart: objects have the same members in any order.
func same(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}
