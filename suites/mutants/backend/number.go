package main

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// numbers is how the value under SEQN becomes a number.
type numbers struct {
	number func(value []byte) (n uint64, ok bool)
}

var rightNumbers = numbers{plain}

// plain reads digits, up to the largest sequence number. The grammar of JSON has
// excluded leading zeros already.
func plain(value []byte) (n uint64, ok bool) {
	n, err := strconv.ParseUint(string(value), 10, 64)
	return n, err == nil && n <= seqn.Max
}

// also reads what plain does not by another way.
func also(other func(value string) (n uint64, ok bool)) func(*backend) {
	return func(b *backend) {
		b.number = func(value []byte) (uint64, bool) {
			if n, ok := plain(value); ok {
				return n, ok
			}
			return other(string(value))
		}
	}
}

// decimal returns the exact value of a JSON number of a sane size.
func decimal(value string) (*big.Rat, bool) {
	if !json.Valid([]byte(value)) || len(value) > 40 || strings.ContainsAny(value, `"[{ntf`) {
		return nil, false
	}
	if _, exponent, found := strings.Cut(strings.ToLower(value), "e"); found {
		if e, err := strconv.Atoi(exponent); err != nil || e < -30 || e > 30 {
			return nil, false
		}
	}
	return new(big.Rat).SetString(value)
}

var numberFaults = []fault{
	{"int32-seqn", func(b *backend) {
		b.number = func(value []byte) (uint64, bool) {
			n, ok := plain(value)
			return uint64(uint32(n)), ok && int32(uint32(n)) >= 0
		}
	}},
	{"uint32-seqn", func(b *backend) {
		b.number = func(value []byte) (uint64, bool) {
			n, ok := plain(value)
			return uint64(uint32(n)), ok
		}
	}},
	{"float32-seqn", func(b *backend) {
		b.number = func(value []byte) (uint64, bool) {
			n, ok := plain(value)
			return uint64(float32(n)), ok
		}
		b.after = func(_ *device, n uint64) uint64 { return uint64(float32(n) + 1) }
	}},
	{"float64-seqn", func(b *backend) {
		b.number = func(value []byte) (uint64, bool) {
			f, err := strconv.ParseFloat(string(value), 64)
			if err != nil && !math.IsInf(f, 1) || f < 0 || strings.ContainsAny(string(value), ".eE-") {
				return 0, false
			}
			return uint64(min(f, 1<<63)), true
		}
		b.after = func(_ *device, n uint64) uint64 { return uint64(float64(n) + 1) }
	}},
	{"unbounded-seqn", func(b *backend) {
		b.number = func(value []byte) (uint64, bool) {
			n, err := strconv.ParseUint(string(value), 10, 64)
			return n, err == nil && n < math.MaxUint64
		}
	}},
	{"safe-integer-seqn", also(func(value string) (uint64, bool) {
		return seqn.Max + 1, value == strconv.Itoa(seqn.Max+1)
	})},
	{"uint64-wraps", func(b *backend) {
		b.number = func(value []byte) (uint64, bool) {
			n, err := strconv.ParseUint(string(value), 10, 64)
			return n, err == nil
		}
	}},
	{"negative-wraps", also(func(value string) (uint64, bool) {
		n, err := strconv.ParseInt(value, 10, 64)
		return uint64(n), err == nil && n < 0
	})},
	{"quoted-seqn", also(func(value string) (uint64, bool) {
		text, err := strconv.Unquote(value)
		if err != nil {
			return 0, false
		}
		return plain([]byte(text))
	})},
	{"string-seqn", func(b *backend) {
		quoted := false
		b.number = func(value []byte) (uint64, bool) {
			text, err := strconv.Unquote(string(value))
			if quoted = err == nil; quoted {
				value = []byte(text)
			}
			return plain(value)
		}
		b.after = func(_ *device, n uint64) uint64 {
			if quoted { // "121" + 1 is "1211"
				return 10*n + 1
			}
			return n + 1
		}
	}},
	{"boxed-seqn", also(func(value string) (uint64, bool) {
		var box []json.RawMessage
		if json.Unmarshal([]byte(value), &box) != nil || len(box) != 1 {
			return 0, false
		}
		return plain(box[0])
	})},
	{"null-seqn", also(func(value string) (uint64, bool) { return 0, value == "null" })},
	{"bool-seqn", also(func(value string) (uint64, bool) {
		return map[string]uint64{"true": 1}[value], value == "true" || value == "false"
	})},
	{"truncated-seqn", also(func(value string) (uint64, bool) {
		whole, fraction, found := strings.Cut(value, ".")
		if !found || strings.ContainsAny(fraction, "eE") || strings.Trim(fraction, "0") == "" {
			return 0, false
		}
		return plain([]byte(whole))
	})},
	{"float-spelling", also(func(value string) (uint64, bool) {
		r, ok := decimal(value)
		if !ok || !r.IsInt() || !r.Num().IsUint64() || strings.HasPrefix(value, "-") {
			return 0, false
		}
		return r.Num().Uint64(), r.Num().Uint64() <= seqn.Max
	})},
}
