package original

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/reference-server/seqn"
)

const maxSEQN = seqn.Max

// text returns a value that is text. The empty text is one.
func text(v any) (string, error) {
	s, ok := v.(string)
	if !ok || !utf8.ValidString(s) {
		return "", ErrValue
	}
	return s, nil
}

// next returns what is next by the value of a SEQN column, and a note if it is
// not just what stands there. JavaScript compared SEQN ≥ value, and then stored
// SEQN + 1, which turns a text "121" into "1211", and leaves 2^53 and 1e400 as
// they are: from then on every replay was accepted. So of those nobody can tell
// what is next.
func next(v any, last bool) (n uint64, note string, err error) {
	switch v := v.(type) {
	case int64:
		if v < 0 || v > maxSEQN {
			return 0, "", fmt.Errorf("%d, which is not from 0 to 2^53-2", v)
		}
		n = uint64(v)
	case float64:
		up := math.Ceil(v) // what was accepted is no number below
		if !(v >= 0 && up <= maxSEQN) {
			return 0, "", fmt.Errorf("%v, which is not from 0 to 2^53-2", v)
		}
		n, note = uint64(up), fmt.Sprintf("SEQN is stored as the fraction %v: taken for %d", v, uint64(up))
		if last && up != v {
			return 0, "", fmt.Errorf("%v, which no message can have had", v)
		}
	case string:
		if v == "" || strings.Trim(v, "0123456789") != "" {
			return 0, "", errors.New("a text that is no plain number")
		}
		if n, err = strconv.ParseUint(v, 10, 64); err != nil || n > maxSEQN {
			return 0, "", fmt.Errorf("the text %.40q, which is not from 0 to 2^53-2", v)
		}
		note = fmt.Sprintf("SEQN is stored as the text %q: taken for %d; if the device sends lower numbers, it is locked out as it was", v, n)
	default:
		return 0, "", errors.New(kind(v))
	}
	if last {
		if n == maxSEQN {
			return 0, "", fmt.Errorf("%d, after which there is none", n)
		}
		n++
	}
	return n, note, nil
}

// data returns a value as JSON, and how it was taken.
func data(v any) (p []byte, how string, err error) {
	switch v := v.(type) {
	case nil:
		return []byte("null"), "values that are NULL, taken for null", nil
	case int64:
		return strconv.AppendInt(nil, v, 10), "values that are numbers", nil
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return nil, "", fmt.Errorf("%v, which JSON has not", v)
		}
		p, err := json.Marshal(v)
		return p, "values that are fractions", err
	case string:
		if !utf8.ValidString(v) {
			return nil, "", errors.New("a text that is not UTF-8")
		}
		if json.Valid([]byte(v)) {
			return []byte(v), "values that are JSON, byte for byte", nil
		}
		p, err := json.Marshal(v)
		return p, "values that are other text, taken for JSON strings", err
	}
	return nil, "", errors.New(kind(v))
}

// layouts are the spellings of a time. SQLite's own functions write UTC.
var layouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05.999999999", "2006-01-02T15:04:05.999999999"}

// moment returns a value as a time, and how it was taken.
func moment(v any) (at time.Time, how string, err error) {
	var number float64
	switch v := v.(type) {
	case nil:
		return time.Time{}, "readings without a time", nil
	case int64:
		number = float64(v)
	case float64:
		number = v
	case string:
		for _, layout := range layouts {
			if at, err := time.Parse(layout, v); err == nil {
				return at.UTC(), "times that are text, in UTC unless they say otherwise", representable(at)
			}
		}
		if number, err = strconv.ParseFloat(v, 64); err != nil || strings.Trim(v, "0123456789.") != "" {
			return time.Time{}, "", fmt.Errorf("%.40q", v)
		}
	default:
		return time.Time{}, "", errors.New(kind(v))
	}
	// From 1973 on, milliseconds are more than seconds will be for 3000 years.
	switch {
	case 1e8 <= number && number < 1e11:
		return time.UnixMicro(int64(math.Round(number * 1e6))).UTC(), "times that are Unix seconds", representable(time.Unix(int64(number), 0))
	case 1e11 <= number && number < 1e14:
		return time.UnixMicro(int64(math.Round(number * 1e3))).UTC(), "times that are Unix milliseconds", representable(time.UnixMilli(int64(number)))
	}
	return time.Time{}, "", fmt.Errorf("%v, which is neither Unix seconds nor milliseconds", v)
}

// representable returns an error for a time that does not fit into nanoseconds
// since 1970.
func representable(at time.Time) error {
	if y := at.UTC().Year(); y < 1700 || y > 2261 {
		return fmt.Errorf("in the year %d", y)
	}
	return nil
}
