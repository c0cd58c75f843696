package faulty

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/reference-server/object"
	"github.com/espalier-hil/espalier/vectors"
)

// loose returns a fields step that reads with the standard library, which lets
// the last of equal keys win, and picks by pick.
func loose(pick func(members map[string]json.RawMessage) (data, number []byte)) func([]byte) ([]byte, []byte, vectors.Stage) {
	return func(text []byte) (data, number []byte, refused vectors.Stage) {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(text, &members); err != nil || members == nil {
			return nil, nil, vectors.StageInnerJSON
		}
		if data, number = pick(members); data == nil || number == nil {
			return nil, nil, vectors.StageFields
		}
		return data, number, ""
	}
}

// before returns an edit that changes the text before it is read.
func before(name, req, dialect string, change func([]byte) []byte) Edit {
	return Edit{name, req, dialect, func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) { return fields(change(text)) }
	}}
}

// absent returns an edit that puts a value where a key is missing.
func absent(name, dialect, key, value string) Edit {
	return Edit{name, "REQ-ENV-009", dialect, func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			there := false
			if object.Members(text, func(k, _ []byte) error { there = there || string(k) == key; return nil }) != nil || there {
				return fields(text)
			}
			rest := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(string(text)), "{"))
			if rest != "}" {
				rest = "," + rest
			}
			return fields([]byte(`{"` + key + `":` + value + rest))
		}
	}}
}

// objects are what can go wrong between a text and its fields.
var objects = []Edit{
	{"of equal keys the last wins", "REQ-ENV-008", "last-key-wins", func(c *Code) {
		c.fields = loose(func(m map[string]json.RawMessage) (data, number []byte) { return m["data"], m["SEQN"] })
	}},
	{"of equal keys the first wins", "REQ-ENV-008", "first-key-wins", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			seen := map[string][]byte{}
			err := object.Members(text, func(key, value []byte) error { seen[string(key)] = value; return nil })
			if !errors.Is(err, object.ErrDuplicate) || seen["data"] == nil || seen["SEQN"] == nil {
				return fields(text)
			}
			return seen["data"], seen["SEQN"], ""
		}
	}},
	{"the case of keys does not matter", "REQ-ENV-004", "case-insensitive-keys", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			if data, number, refused = fields(text); refused != vectors.StageFields {
				return data, number, refused
			}
			return loose(func(m map[string]json.RawMessage) (data, number []byte) {
				for _, key := range slices.Sorted(maps.Keys(m)) {
					switch strings.ToLower(key) {
					case "data":
						data = m[key]
					case "seqn":
						number = m[key]
					}
				}
				return data, number
			})(text)
		}
	}},
	absent("a missing data is null", "data-is-optional", "data", "null"),
	absent("a missing SEQN is 121", "", "SEQN", "121"),
	absent("a missing SEQN is 0", "zero-value", "SEQN", "0"),
	{"unknown keys are refused", "REQ-ENV-004", "", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			n := 0
			if object.Members(text, func(_, _ []byte) error { n++; return nil }) == nil && n > 2 {
				return nil, nil, vectors.StageFields
			}
			return fields(text)
		}
	}},
	before("text after the object is ignored", "REQ-ENV-004", "trailing-text", func(text []byte) []byte {
		var first json.RawMessage
		if json.NewDecoder(bytes.NewReader(text)).Decode(&first) != nil {
			return text
		}
		return first
	}),
	before("a byte order mark is skipped", "REQ-ENV-010", "skipping-bom", func(text []byte) []byte { return bytes.TrimPrefix(text, []byte("\uFEFF")) }),
	before("a comma too many is skipped", "REQ-ENV-004", "", func(text []byte) []byte { return bytes.ReplaceAll(text, []byte(",}"), []byte("}")) }),
	before("an array of one object is that object", "REQ-ENV-004", "", func(text []byte) []byte {
		return bytes.TrimSuffix(bytes.TrimPrefix(text, []byte("[")), []byte("]"))
	}),
	{"keys are compared as they are written", "REQ-ENV-004", "", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			if data, number, refused = fields(text); refused == "" && !(bytes.Contains(text, []byte(`"data"`)) && bytes.Contains(text, []byte(`"SEQN"`))) {
				return nil, nil, vectors.StageFields
			}
			return data, number, refused
		}
	}},
	{"keys end at their first NUL", "REQ-ENV-004", "nul-terminated", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			if data, number, refused = fields(text); refused != vectors.StageFields {
				return data, number, refused
			}
			return loose(func(m map[string]json.RawMessage) (data, number []byte) {
				for key, value := range m {
					switch string(cString([]byte(key))) {
					case "data":
						data = value
					case "SEQN":
						number = value
					}
				}
				return data, number
			})(text)
		}
	}},
	{"SEQN is searched for in the text", "REQ-ENV-012", "text-search", func(c *Code) {
		first := regexp.MustCompile(`"SEQN"\s*:\s*(\d+)`)
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			data, number, refused = fields(text)
			if found := first.FindSubmatch(text); found != nil && refused == "" {
				number = found[1]
			}
			return data, number, refused
		}
	}},
	{"data must come first", "REQ-ENV-004", "", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			data, number, refused = fields(text)
			if d, n := bytes.Index(text, []byte(`"data"`)), bytes.Index(text, []byte(`"SEQN"`)); refused == "" && 0 <= n && n < d {
				return nil, nil, vectors.StageFields
			}
			return data, number, refused
		}
	}},
	{"white space around the object is refused", "REQ-ENV-004", "", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			if len(bytes.TrimSpace(text)) != len(text) {
				return nil, nil, vectors.StageInnerJSON
			}
			return fields(text)
		}
	}},
	{"texts of 100 levels are too deep", "REQ-ENV-011", "shallow-json", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			if bytes.Count(text, []byte("[")) > 100 || bytes.Count(text, []byte("{")) > 100 {
				return nil, nil, vectors.StageInnerJSON
			}
			return fields(text)
		}
	}},
	{"texts have no depth that is too deep", "REQ-ENV-011", "bottomless-json", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			if data, number, refused = fields(text); refused == vectors.StageInnerJSON && len(text) > 2*object.MaxDepth {
				return loose(func(m map[string]json.RawMessage) (data, number []byte) { return m["data"], m["SEQN"] })(text)
			}
			return data, number, refused
		}
	}},
	{"texts of 16 KiB are too long", "REQ-ENV-014", "bounded-text", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			if len(text) > 16<<10 {
				return nil, nil, vectors.StageInnerJSON
			}
			return fields(text)
		}
	}},
	{"half a surrogate pair is a character", "REQ-ENV-010", "passing-surrogates", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			if data, number, refused = fields(text); refused == vectors.StageInnerJSON && len(text) < object.MaxDepth {
				return loose(func(m map[string]json.RawMessage) (data, number []byte) { return m["data"], m["SEQN"] })(text)
			}
			return data, number, refused
		}
	}},
}
