package faulty

import (
	"bytes"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/espalier-hil/espalier/reference-server/seqn"
)

var one = big.NewInt(1)

// also returns an edit that takes for a number what one is not, or not quite.
func also(name, req, dialect string, read func(value string) (*big.Int, bool)) Edit {
	return Edit{name, req, dialect, func(c *Code) {
		c.number = func(value []byte) (*big.Int, bool) {
			if n, ok := plainInteger(value); ok {
				return n, true
			}
			return read(string(value))
		}
	}}
}

// plainIn reads the number between two brackets or quotes.
func plainIn(value, open, shut string) (*big.Int, bool) {
	rest, ok := strings.CutPrefix(value, open)
	if !ok {
		return nil, false
	}
	return plainInteger([]byte(strings.TrimSpace(strings.TrimSuffix(rest, shut))))
}

// decimal reads a number with a fraction or an exponent, and hands it to round.
func decimal(value string, round func(*big.Rat) (*big.Int, bool)) (*big.Int, bool) {
	if f, err := strconv.ParseFloat(value, 64); err != nil || math.Abs(f) > 1e18 || f == 0 && strings.ContainsAny(value, "eE") {
		return nil, false // exact arithmetic on 1e-999999999 takes for ever
	}
	r, ok := new(big.Rat).SetString(value)
	if !ok {
		return nil, false
	}
	return round(r)
}

func whole(r *big.Rat) (*big.Int, bool) { return new(big.Int).Set(r.Num()), r.IsInt() }

// numbers are what can go wrong between the field SEQN and a number.
var numbers = []Edit{
	also("a string is taken for its number", "REQ-SEQ-006", "converted-seqn", func(v string) (*big.Int, bool) { return plainIn(v, `"`, `"`) }),
	also("an array of one is taken for its number", "REQ-SEQ-006", "", func(v string) (*big.Int, bool) { return plainIn(v, "[", "]") }),
	also("null, true and false are taken for numbers past next", "REQ-SEQ-006", "", func(v string) (*big.Int, bool) {
		return big.NewInt(500), slices.Contains([]string{"null", "true", "false"}, v)
	}),
	also("an integer may be written with a fraction or an exponent", "REQ-SEQ-013", "integral-seqn", func(v string) (*big.Int, bool) { return decimal(v, whole) }),
	also("a fraction is cut off", "REQ-SEQ-006", "truncated-seqn", func(v string) (*big.Int, bool) {
		return decimal(v, func(r *big.Rat) (*big.Int, bool) {
			if r.IsInt() {
				return nil, false
			}
			return new(big.Int).Quo(r.Num(), r.Denom()), true
		})
	}),
	also("a minus is dropped", "REQ-SEQ-006", "", func(v string) (*big.Int, bool) { return plainIn(v, "-", "") }),
	{"SEQN is a double", "REQ-SEQ-006", "float64-seqn", func(c *Code) {
		c.number = func(value []byte) (*big.Int, bool) {
			f, err := strconv.ParseFloat(string(value), 64)
			if err != nil || f != math.Trunc(f) || math.IsInf(f, 0) || bytes.ContainsAny(value, ".eE") {
				return nil, false
			}
			n, _ := big.NewFloat(f).Int(nil)
			return n, true
		}
		c.inRange = func(n *big.Int) bool { return n.Sign() >= 0 }
		c.after = func(_, n *big.Int) string {
			f, _ := new(big.Float).SetInt(n).Float64()
			return strconv.FormatFloat(f+1, 'f', 0, 64)
		}
	}},
	{"SEQN has no bound", "REQ-SEQ-006", "unbounded-seqn", func(c *Code) { c.inRange = func(n *big.Int) bool { return n.Sign() >= 0 } }},
	{"SEQN may be 2^53-1", "REQ-SEQ-006", "safe-integer-seqn", func(c *Code) {
		c.inRange = func(n *big.Int) bool { return n.Sign() >= 0 && n.Cmp(big.NewInt(seqn.Max+1)) <= 0 }
	}},
	{"SEQN ends at 2^53-3", "REQ-SEQ-006", "", func(c *Code) {
		c.inRange = func(n *big.Int) bool { return n.Sign() >= 0 && n.Cmp(big.NewInt(seqn.Max)) < 0 }
	}},
	{"SEQN is a signed 32-bit integer", "REQ-SEQ-006", "int32-seqn", func(c *Code) {
		c.inRange = func(n *big.Int) bool { return n.Sign() >= 0 && n.Cmp(big.NewInt(math.MaxInt32)) <= 0 }
	}},
	{"SEQN wraps at 2^32", "REQ-SEQ-006", "uint32-seqn", func(c *Code) {
		c.number = func(value []byte) (*big.Int, bool) {
			n, ok := plainInteger(value)
			if !ok || n.Cmp(big.NewInt(seqn.Max)) > 0 {
				return nil, false
			}
			return new(big.Int).And(n, big.NewInt(math.MaxUint32)), true
		}
	}},
	{"SEQN cannot be 0", "REQ-SEQ-006", "falsy-is-missing", func(c *Code) {
		c.inRange = func(n *big.Int) bool { return n.Sign() > 0 && n.Cmp(big.NewInt(seqn.Max)) <= 0 }
	}},
	also("true is 1 and false is 0", "REQ-SEQ-006", "bool-seqn", func(v string) (*big.Int, bool) {
		return map[bool]*big.Int{true: one, false: new(big.Int)}[v == "true"], v == "true" || v == "false"
	}),
	also("null is 0", "REQ-SEQ-006", "zero-value", func(v string) (*big.Int, bool) { return new(big.Int), v == "null" }),
	also("of a string, the digits at the beginning count", "REQ-SEQ-006", "prefix-seqn", func(v string) (*big.Int, bool) {
		rest, ok := strings.CutPrefix(v, `"`)
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		if !ok || digits == "" {
			return nil, false
		}
		return plainInteger([]byte(digits))
	}),
	{"a string is a number, and one more puts a 1 behind it", "REQ-SEQ-006", "string-seqn", func(c *Code) {
		text := false
		c.number = func(value []byte) (*big.Int, bool) {
			if text = value[0] == '"'; text {
				return plainIn(string(value), `"`, `"`)
			}
			return plainInteger(value)
		}
		c.after = func(_, n *big.Int) string {
			if text {
				return n.String() + "1"
			}
			return new(big.Int).Add(n, one).String()
		}
	}},
	{"SEQN + 1 wraps at 2^63", "REQ-SEQ-006", "int64-seqn", func(c *Code) {
		c.inRange = func(n *big.Int) bool { return n.IsInt64() && n.Sign() >= 0 }
		c.after = func(_, n *big.Int) string { return strconv.FormatInt(n.Int64()+1, 10) }
	}},
	{"SEQN wraps at 2^64", "REQ-SEQ-006", "uint64-seqn", func(c *Code) {
		c.number = func(value []byte) (*big.Int, bool) {
			n, ok := plainInteger(value)
			if !ok {
				return nil, false
			}
			return n.And(n, new(big.Int).SetUint64(math.MaxUint64)), true
		}
		c.inRange = func(*big.Int) bool { return true }
		c.after = func(_, n *big.Int) string { return strconv.FormatUint(n.Uint64()+1, 10) }
	}},
}
