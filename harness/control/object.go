package control

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// object is a JSON object that is read member by member. Names match exactly,
// case included, and occur once, neither of which encoding/json sees to. The
// first member that is missing or of another type is remembered, for check.
type object struct {
	raw     json.RawMessage
	members map[string]json.RawMessage
	err     error
}

func parseObject(raw json.RawMessage) (*object, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errors.New("not an object")
	}
	o := &object{raw: raw, members: map[string]json.RawMessage{}}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := name.(string)
		if _, twice := o.members[key]; twice {
			return nil, fmt.Errorf("member %q occurs twice", key)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		o.members[key] = value
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	return o, nil
}

// check returns the first thing that was wrong, as an error of verb.
func (o *object) check(verb string) error {
	if o.err == nil {
		return nil
	}
	return fmt.Errorf("%w: %s: %v in %.200s", ErrAnswer, verb, o.err, o.raw)
}

func (o *object) has(name string) bool {
	_, ok := o.members[name]
	return ok
}

// fail remembers the first mistake.
func (o *object) fail(name, want string) {
	if o.err == nil {
		o.err = fmt.Errorf("member %q is not %s", name, want)
	}
}

func (o *object) text(name string) string {
	var s *string
	if json.Unmarshal(o.members[name], &s) != nil || s == nil {
		o.fail(name, "a string")
		return ""
	}
	return *s
}

func (o *object) truth(name string) bool {
	switch string(o.members[name]) {
	case "true":
		return true
	case "false":
		return false
	}
	o.fail(name, "true or false")
	return false
}

// number reads a plain integer: no sign, fraction or exponent.
func (o *object) number(name string) uint64 {
	n, err := strconv.ParseUint(string(o.members[name]), 10, 64)
	if err != nil {
		o.fail(name, "a plain integer")
		return 0
	}
	return n
}

// count reads a number that must not be larger than most.
func (o *object) count(name string, most uint64) int {
	n := o.number(name)
	if n > most {
		o.fail(name, fmt.Sprintf("at most %d", most))
		return 0
	}
	return int(n)
}

// bytes reads lower-case hex of a given number of bytes, or of any if size is
// negative.
func (o *object) bytes(name string, size int) []byte {
	s := o.text(name)
	p, err := hex.DecodeString(s)
	if err != nil || hex.EncodeToString(p) != s || size >= 0 && len(p) != size {
		o.fail(name, "lower-case hex of the right length")
		return make([]byte, max(size, 0))
	}
	return p
}

func (o *object) texts(name string) []string {
	var list []string
	if json.Unmarshal(o.members[name], &list) != nil || list == nil {
		o.fail(name, "a list of strings")
		return nil
	}
	return list
}

func (o *object) object(name string) *object {
	sub, err := parseObject(o.members[name])
	if err != nil {
		o.fail(name, "an object")
		return &object{raw: o.raw}
	}
	return sub
}
