package faulty

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// readings are what can go wrong with data.
var readings = []Edit{
	{"a data of null is missing", "REQ-SEQ-009", "falsy-is-missing", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			data, number, refused = fields(text)
			if string(data) == "null" {
				return nil, nil, vectors.StageFields
			}
			return data, number, refused
		}
	}},
	{"a data that is false in JavaScript is missing", "REQ-SEQ-009", "falsy-is-missing", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			data, number, refused = fields(text)
			if slices.Contains([]string{"0", "false", `""`}, string(data)) {
				return nil, nil, vectors.StageFields
			}
			return data, number, refused
		}
	}},
	{"data is written anew", "REQ-SEQ-014", "reencoded-data", func(c *Code) {
		c.keep = func(data []byte) []byte {
			var v any
			d := json.NewDecoder(bytes.NewReader(data))
			d.UseNumber()
			if d.Decode(&v) != nil {
				return data
			}
			return encode(v, data)
		}
	}},
	{"numbers in data become doubles", "REQ-SEQ-014", "float64-data", func(c *Code) {
		c.keep = func(data []byte) []byte {
			var v any
			if json.Unmarshal(data, &v) != nil {
				return data
			}
			return encode(v, data)
		}
	}},
	{"data is cut to 256 bytes", "REQ-SEQ-009", "", func(c *Code) {
		c.keep = func(data []byte) []byte { return data[:min(len(data), 256)] }
	}},
	{"half a surrogate pair in data is refused", "REQ-SEQ-014", "refusing-surrogates", func(c *Code) {
		c.fields = func(text []byte) (data, number []byte, refused vectors.Stage) {
			data, number, refused = fields(text)
			var v any
			if refused == "" && json.Unmarshal(data, &v) == nil && strings.Contains(string(encode(v, nil)), "\uFFFD") && !bytes.Contains(bytes.ToLower(data), []byte(`\ufffd`)) && !bytes.Contains(data, []byte("\uFFFD")) {
				return nil, nil, vectors.StageInnerJSON
			}
			return data, number, refused
		}
	}},
}

// encode writes v as JSON.
func encode(v any, otherwise []byte) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return otherwise
	}
	return bytes.TrimSpace(b.Bytes())
}
