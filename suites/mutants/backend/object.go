package main

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/reference-server/object"
)

// members is the right way to take SEQN and data out of the inner JSON.
func members(plain []byte) (number, data []byte, ok bool) {
	err := object.Members(plain, func(key, value []byte) error {
		switch string(key) {
		case "SEQN":
			number = value
		case "data":
			data = value
		}
		return nil
	})
	return number, data, err == nil && number != nil && data != nil
}

// without returns plain less its repeated keys, of which the first or the last
// is kept.
func without(plain []byte, keepFirst bool) []byte {
	dec := json.NewDecoder(bytes.NewReader(plain))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') {
		return plain
	}
	var order []string
	values := map[string]json.RawMessage{}
	for dec.More() {
		var value json.RawMessage
		key, err := dec.Token()
		if err != nil || dec.Decode(&value) != nil {
			return plain
		}
		name := key.(string)
		if _, twice := values[name]; !twice {
			order = append(order, name)
		} else if keepFirst {
			continue
		}
		values[name] = value
	}
	if end, err := dec.Token(); err != nil || end != json.Delim('}') || dec.More() {
		return plain
	}
	var out bytes.Buffer
	for _, name := range order {
		quoted, _ := json.Marshal(name) // a string: cannot fail
		out.WriteString(map[bool]string{true: "{", false: ","}[out.Len() == 0])
		out.Write(quoted)
		out.WriteString(":")
		out.Write(values[name])
	}
	out.WriteString("}")
	return out.Bytes()
}

// first changes the text before it is read.
func first(change func(plain []byte) []byte) func(*backend) {
	return func(b *backend) {
		b.members = func(plain []byte) (number, data []byte, ok bool) { return members(change(plain)) }
	}
}

// refuse refuses texts that are right.
func refuse(bad func(plain []byte) bool) func(*backend) {
	return func(b *backend) {
		b.members = func(plain []byte) (number, data []byte, ok bool) {
			number, data, ok = members(plain)
			return number, data, ok && !bad(plain)
		}
	}
}

func dataOf(plain []byte) string {
	_, data, _ := members(plain)
	return string(data)
}

// depth returns how deep a text nests, strings not told apart.
func depth(text []byte) (deepest int) {
	now := 0
	for _, c := range text {
		switch c {
		case '{', '[':
			now++
			deepest = max(deepest, now)
		case '}', ']':
			now--
		}
	}
	return deepest
}

var objectFaults = []fault{
	{"keys-fold-case", func(b *backend) {
		b.members = func(plain []byte) (number, data []byte, ok bool) {
			err := object.Members(plain, func(key, value []byte) error {
				switch strings.ToLower(string(key)) {
				case "seqn":
					number = value
				case "data":
					data = value
				}
				return nil
			})
			return number, data, err == nil && number != nil && data != nil
		}
	}},
	{"first-key-wins", first(func(plain []byte) []byte { return without(plain, true) })},
	{"last-key-wins", first(func(plain []byte) []byte { return without(plain, false) })},
	{"data-optional", func(b *backend) {
		b.members = func(plain []byte) (number, data []byte, ok bool) {
			number, data, ok = members(plain)
			if !ok && number != nil && data == nil {
				return members(bytes.Replace(plain, []byte("{"), []byte(`{"data":null,`), 1))
			}
			return number, data, ok
		}
	}},
	{"seqn-optional", func(b *backend) {
		b.members = func(plain []byte) (number, data []byte, ok bool) {
			number, data, ok = members(plain)
			if !ok && number == nil && data != nil {
				return members(bytes.Replace(plain, []byte("{"), []byte(`{"SEQN":0,`), 1))
			}
			return number, data, ok
		}
	}},
	{"null-data-refused", refuse(func(plain []byte) bool { return dataOf(plain) == "null" })},
	{"falsy-data-refused", refuse(func(plain []byte) bool { return slices.Contains([]string{"0", "false", `""`}, dataOf(plain)) })},
	{"unknown-keys-refused", refuse(func(plain []byte) bool {
		n := 0
		object.Members(plain, func([]byte, []byte) error { n++; return nil })
		return n != 2
	})},
	{"text-search", func(b *backend) {
		seqn := regexp.MustCompile(`"SEQN":(\d+)`)
		b.members = func(plain []byte) (number, data []byte, ok bool) {
			_, data, ok = members(plain)
			found := seqn.FindSubmatch(plain)
			if !ok || found == nil {
				return nil, nil, false
			}
			return found[1], data, true
		}
	}},
	{"skips-bom", first(func(plain []byte) []byte { return bytes.TrimPrefix(plain, []byte("\ufeff")) })},
	{"replaces-characters", first(func(plain []byte) []byte { return bytes.ToValidUTF8(plain, []byte("\ufffd")) })},
	{"shallow-json", refuse(func(plain []byte) bool { return depth(plain) > 100 })},
	{"short-buffer", refuse(func(plain []byte) bool { return len(plain) > 2048 })},
	{"bottomless-json", func(b *backend) {
		b.members = func(plain []byte) (number, data []byte, ok bool) {
			var all map[string]json.RawMessage
			if number, data, ok = members(plain); ok || depth(plain) <= object.MaxDepth || json.Unmarshal(plain, &all) != nil {
				return number, data, ok
			}
			return all["SEQN"], all["data"], all["SEQN"] != nil && all["data"] != nil
		}
	}},
	{"stops-after-object", func(b *backend) {
		b.members = func(plain []byte) (number, data []byte, ok bool) {
			var first json.RawMessage
			if json.NewDecoder(bytes.NewReader(plain)).Decode(&first) != nil {
				return nil, nil, false
			}
			return members(first)
		}
	}},
}
