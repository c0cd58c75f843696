package explain

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/vectors"
)

// largest is the largest SEQN, 2^53-2.
var largest = big.NewInt(1<<53 - 2)

var plainInteger = regexp.MustCompile(`^(0|[1-9][0-9]*)$`)

// read goes on with the text that was sealed.
func (w *way) read(text []byte, next string) bool {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			return w.stop(vectors.StageInnerUTF8, "byte %d, %02x, is no part of UTF-8", i, text[i])
		}
		i += n
	}
	w.pass(vectors.StageInnerUTF8, "%d characters", utf8.RuneCount(text))
	fields, err := members(text)
	if err != nil {
		return w.stop(vectors.StageInnerJSON, "%v", err)
	}
	w.pass(vectors.StageInnerJSON, "an object with %s", count(len(fields), "key"))
	seen := map[string]json.RawMessage{}
	for _, f := range fields {
		if _, twice := seen[f.key]; twice {
			return w.stop(vectors.StageFields, "%s stands there twice", printable(f.key))
		}
		seen[f.key] = f.value
	}
	for _, key := range []string{"data", "SEQN"} {
		if _, ok := seen[key]; !ok {
			return w.stop(vectors.StageFields, "%s is missing", key)
		}
	}
	w.pass(vectors.StageFields, "data and SEQN, each once")
	w.data = string(seen["data"])
	return w.number(string(seen["SEQN"]), next)
}

// number goes the last two steps: what SEQN is, and whether it is new.
func (w *way) number(text, next string) bool {
	if !plainInteger.MatchString(text) {
		return w.stop(vectors.StageSEQNType, "SEQN is %s, which is no plain integer", short([]byte(text)))
	}
	n, _ := new(big.Int).SetString(text, 10)
	if n.Cmp(largest) > 0 {
		return w.stop(vectors.StageSEQNType, "SEQN is %s, above 2^53-2", short([]byte(text)))
	}
	w.pass(vectors.StageSEQNType, "SEQN is %s", n)
	if lowest, ok := new(big.Int).SetString(next, 10); ok && n.Cmp(lowest) < 0 {
		return w.stop(vectors.StageSEQNReplay, "%s is below next, which is %s", n, next)
	}
	w.next = new(big.Int).Add(n, big.NewInt(1)).String()
	return w.pass(vectors.StageSEQNReplay, "%s is not below next, which is %s and becomes %s", n, next, w.next)
}

// deepest is how many arrays and objects may be inside one another, the outermost
// object included (PROTOCOL.md 3.14).
const deepest = 512

// depth returns how deep arrays and objects are nested in text, which is JSON.
func depth(text []byte) int {
	most, now, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			most = max(most, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return most
}

var escapes = regexp.MustCompile(`\\(?:u([0-9a-fA-F]{4})|.)`)

// halfPair returns an escape of a JSON string that is half of a surrogate pair,
// if there is one.
func halfPair(quoted []byte) string {
	high, end := "", -1
	for _, m := range escapes.FindAllSubmatchIndex(quoted, -1) {
		unit := uint64(0)
		if m[2] >= 0 {
			unit, _ = strconv.ParseUint(string(quoted[m[2]:m[3]]), 16, 16) // four digits
		}
		low := unit >= 0xdc00 && unit <= 0xdfff
		switch {
		case high != "" && low && m[0] == end:
			high = ""
			continue
		case high != "":
			return high
		case low:
			return string(quoted[m[0]:m[1]])
		case unit >= 0xd800 && unit <= 0xdbff:
			high, end = string(quoted[m[0]:m[1]]), m[1]
		}
	}
	return high
}

// member is a key of an object, and the text of its value.
type member struct {
	key   string
	value json.RawMessage
}

// members returns what one JSON object holds, in its order.
func members(text []byte) ([]member, error) {
	if !json.Valid(text) {
		return nil, notJSON(text)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if token, err := dec.Token(); err != nil || token != json.Delim('{') {
		return nil, fmt.Errorf("it is JSON, and no object: %s", short(text))
	}
	if n := depth(text); n > deepest {
		return nil, fmt.Errorf("arrays and objects are nested %d deep, more than %d", n, deepest)
	}
	var list []member
	for dec.More() {
		begin := dec.InputOffset()
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		if half := halfPair(text[begin:dec.InputOffset()]); half != "" {
			return nil, fmt.Errorf("a key holds %s, half of a surrogate pair", half)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		list = append(list, member{key.(string), value})
	}
	return list, nil
}

// notJSON says where text stops being JSON.
func notJSON(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return errors.New("there is nothing")
	}
	err := json.Unmarshal(text, new(any))
	var s *json.SyntaxError
	if errors.As(err, &s) && s.Offset > 0 && int(s.Offset) <= len(text) {
		return fmt.Errorf("not JSON from byte %d on: %s", s.Offset-1, short(text[s.Offset-1:]))
	}
	return fmt.Errorf("not JSON: %w", err)
}
