package oracle

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
)

var errRefused = errors.New("refused")

// reading is a text as a struct of Go usually has it; N is a type of integer,
// or float64.
type reading[N any] struct {
	Data json.RawMessage `json:"data"`
	SEQN N
}

// goReaders are how such code is written in Go.
var goReaders = map[string]func(text []byte, next string) (string, []byte, error){
	"uint64": whole[uint64](json.Unmarshal),
	"int64":  whole[int64](json.Unmarshal),
	"uint32": whole[uint32](json.Unmarshal),
	"int32":  whole[int32](json.Unmarshal),
	"decoder": whole[uint64](func(text []byte, v any) error {
		return json.NewDecoder(bytes.NewReader(text)).Decode(v)
	}),
	"float64": func(text []byte, next string) (string, []byte, error) {
		var r reading[float64]
		if err := json.Unmarshal(text, &r); err != nil {
			return "", nil, err
		}
		return float(r.SEQN, next, r.Data)
	},
	"any": func(text []byte, next string) (string, []byte, error) {
		var m map[string]any
		if err := json.Unmarshal(text, &m); err != nil {
			return "", nil, err
		}
		n, ok := m["SEQN"].(float64)
		if !ok {
			return "", nil, errRefused
		}
		data, err := json.Marshal(m["data"])
		if err != nil {
			return "", nil, err
		}
		return float(n, next, data)
	},
	"number": func(text []byte, next string) (string, []byte, error) {
		var r reading[json.Number]
		if err := json.Unmarshal(text, &r); err != nil {
			return "", nil, err
		}
		n, err := r.SEQN.Int64()
		want, _ := strconv.ParseInt(next, 10, 64)
		if err != nil || n < want {
			return "", nil, errRefused
		}
		return strconv.FormatInt(n+1, 10), r.Data, nil
	},
	"digits": digits[uint64], "digits uint32": digits[uint32], "digits int32": digits[int32],
}

// digits reads SEQN by hand, as one does in C.
func digits[N int32 | uint32 | uint64](text []byte, next string) (string, []byte, error) {
	var r reading[json.RawMessage]
	if err := json.Unmarshal(text, &r); err != nil {
		return "", nil, err
	}
	number, minus := bytes.CutPrefix(r.SEQN, []byte("-"))
	var n N
	for _, c := range number {
		if c < '0' || c > '9' {
			return "", nil, errRefused
		}
		n = n*10 + N(c-'0')
	}
	if minus {
		n = -n
	}
	want, err := strconv.ParseInt(next, 10, 64)
	if err != nil || len(number) == 0 || n < N(want) {
		return "", nil, errRefused
	}
	return fmt.Sprint(n + 1), r.Data, nil
}

// whole reads SEQN into an integer of Go and counts in it.
func whole[N int32 | int64 | uint32 | uint64](unmarshal func([]byte, any) error) func([]byte, string) (string, []byte, error) {
	return func(text []byte, next string) (string, []byte, error) {
		var r reading[N]
		if err := unmarshal(text, &r); err != nil {
			return "", nil, err
		}
		want, err := strconv.ParseInt(next, 10, 64)
		if err != nil || r.SEQN < N(want) {
			return "", nil, errRefused
		}
		after, err := json.Marshal(r.SEQN + 1)
		return string(after), r.Data, err
	}
}

func float(n float64, next string, data []byte) (string, []byte, error) {
	want, _ := strconv.ParseFloat(next, 64)
	if !(n >= want) || math.IsInf(n, 0) {
		return "", nil, errRefused
	}
	after, err := json.Marshal(n + 1)
	return string(after), data, err
}
