package payload

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// numberMistakes returns what comes of {"SEQN":token} at next with readers that
// each take numbers otherwise than the protocol does, as far as it is none of
// what is right.
func numberMistakes(token, next string, right []vectors.Outcome) []vectors.Outcome {
	n := number{token: token, next: integer(next)}
	n.value, _ = new(big.Rat).SetString(token)
	n.digits = strings.Trim(token, "-0123456789") == ""
	n.double, _ = strconv.ParseFloat(token, 64) // beyond the largest it is infinite, as in JavaScript
	var list []vectors.Outcome
	for _, model := range []func(number) []vectors.Outcome{asDouble, asTruncated, asPrefix, asUnbounded, asSafe, asInt32, asUint32, asClamped, asInt64, asUint64, asText, asFalsy} {
		for _, o := range model(n) {
			if o.Accept {
				o.Data = value
			}
			if !contains(right, o, false) && !contains(list, o, true) {
				list = append(list, o)
			}
		}
	}
	return list
}

func contains(list []vectors.Outcome, o vectors.Outcome, dialectToo bool) bool {
	for _, p := range list {
		if p.Accept == o.Accept && p.Next == o.Next && (p.Dialect == o.Dialect || !dialectToo) {
			return true
		}
	}
	return false
}

// number is a JSON number and the next that it meets.
type number struct {
	token  string
	value  *big.Rat
	digits bool // neither fraction nor exponent
	double float64
	next   *big.Int
}

var (
	mod32 = new(big.Int).Lsh(big.NewInt(1), 32)
	mod64 = new(big.Int).Lsh(big.NewInt(1), 64)
)

func integer(decimal string) *big.Int {
	n, ok := new(big.Int).SetString(decimal, 10)
	if !ok {
		panic("gen: no integer: " + decimal)
	}
	return n
}

// whole cuts the fraction off.
func whole(r *big.Rat) *big.Int { return new(big.Int).Quo(r.Num(), r.Denom()) }

// window is the check and the step of a reader in integers of modulus wrap (nil:
// of any size), of which those from half on are negative if it is signed.
func window(dialect string, n, next, wrap *big.Int, signed bool) []vectors.Outcome {
	fit := func(i *big.Int) *big.Int {
		if wrap == nil {
			return i
		}
		i = new(big.Int).Mod(i, wrap)
		if signed && new(big.Int).Lsh(i, 1).Cmp(wrap) >= 0 {
			i.Sub(i, wrap)
		}
		return i
	}
	if n = fit(n); n.Cmp(fit(next)) < 0 {
		return []vectors.Outcome{by(dialect, vectors.Outcome{})}
	}
	return []vectors.Outcome{by(dialect, vectors.Outcome{Accept: true, Next: fit(new(big.Int).Add(n, big.NewInt(1))).String()})}
}

// asDouble compares and adds as JavaScript does.
func asDouble(n number) []vectors.Outcome {
	next, _ := new(big.Float).SetInt(n.next).Float64()
	dialect := "float64-seqn"
	if n.double != math.Trunc(n.double) {
		dialect = "fraction-seqn"
	}
	if n.double < next {
		return []vectors.Outcome{by(dialect, vectors.Outcome{})}
	}
	list := []vectors.Outcome{by(dialect, vectors.Outcome{Accept: true, Next: script(n.double + 1)})}
	if dialect == "float64-seqn" && !math.IsInf(n.double, 0) { // C writes all of its digits
		list = append(list, by(dialect, vectors.Outcome{Accept: true, Next: strconv.FormatFloat(n.double+1, 'f', 0, 64)}))
	}
	return list
}

// script writes a number that is not below 0 as JavaScript does.
func script(f float64) string {
	switch {
	case math.IsInf(f, 0):
		return "Infinity"
	case f < 1e21:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return strconv.FormatFloat(f, 'e', -1, 64)
}

// asTruncated cuts what the double has behind the point off, as int() and a cast do.
func asTruncated(n number) []vectors.Outcome {
	if n.digits || math.IsInf(n.double, 0) {
		return nil
	}
	cut, _ := new(big.Float).SetFloat64(n.double).Int(nil)
	return window("truncated-seqn", cut, n.next, nil, false)
}

// asPrefix reads digits as far as they go.
func asPrefix(n number) []vectors.Outcome {
	if n.digits {
		return nil
	}
	return window("prefix-seqn", integer(n.token[:strings.IndexAny(n.token, ".eE")]), n.next, nil, false)
}

// asUnbounded has integers of any size and no rule against them.
func asUnbounded(n number) []vectors.Outcome {
	if !n.digits {
		return nil
	}
	return window("unbounded-seqn", n.value.Num(), n.next, nil, false)
}

// asSafe takes JavaScript's safe integers, the last of which has no safe
// successor.
func asSafe(n number) []vectors.Outcome {
	if math.Abs(n.double) > 1<<53-1 || n.double != math.Trunc(n.double) {
		return nil
	}
	cut, _ := new(big.Float).SetFloat64(n.double).Int(nil)
	return window("safe-integer-seqn", cut, n.next, nil, false)
}

// asInt32 and asUint32 take the low bits, of the digits or of the double; or
// fail where the number does not fit.
func asInt32(n number) []vectors.Outcome {
	return as32(n, "int32-seqn", true, math.MinInt32, math.MaxInt32)
}

func asUint32(n number) []vectors.Outcome { return as32(n, "uint32-seqn", false, 0, math.MaxUint32) }

func as32(n number, dialect string, signed bool, lowest, highest float64) []vectors.Outcome {
	list := window(dialect, whole(n.value), n.next, mod32, signed)
	cut := new(big.Int)
	if !math.IsInf(n.double, 0) {
		new(big.Float).SetFloat64(n.double).Int(cut)
	}
	list = append(list, window(dialect, cut, n.next, mod32, signed)...)
	if n.double < lowest || n.double > highest {
		list = append(list, by(dialect, vectors.Outcome{}))
	}
	return list
}

// asClamped takes the integer nearest to the double that 32 bits hold.
func asClamped(n number) []vectors.Outcome {
	cut := big.NewInt(int64(math.Max(math.MinInt32, math.Min(math.MaxInt32, n.double))))
	if n.digits && cut.Cmp(n.value.Num()) == 0 {
		return nil
	}
	return window("clamped-seqn", cut, n.next, nil, false)
}

// asInt64 counts past its end; below, it is like any integer without a bound.
func asInt64(n number) []vectors.Outcome {
	if !n.digits || n.value.Num().Cmp(big.NewInt(math.MaxInt64)) != 0 {
		return nil
	}
	return []vectors.Outcome{by("int64-seqn", vectors.Outcome{Accept: true, Next: "-9223372036854775808"})}
}

// asUint64 takes the low bits, a sign included, as a loop over the digits does
// that looks for no overflow; where there is none, it is like any integer
// without a bound.
func asUint64(n number) []vectors.Outcome {
	past := new(big.Int).Add(n.value.Num(), big.NewInt(1))
	if !n.digits || n.value.Sign() >= 0 && past.Cmp(mod64) < 0 {
		return nil
	}
	return window("uint64-seqn", n.value.Num(), n.next, mod64, false)
}

// asFalsy takes 0 for nothing, as JavaScript's ! does.
func asFalsy(n number) []vectors.Outcome {
	if n.double != 0 {
		return nil
	}
	return []vectors.Outcome{by("falsy-is-missing", vectors.Outcome{})}
}

// asText compares numbers as texts.
func asText(n number) []vectors.Outcome {
	if !n.digits || n.value.Sign() < 0 {
		return nil
	}
	if n.token < n.next.String() {
		return []vectors.Outcome{by("lexical-seqn", vectors.Outcome{})}
	}
	return window("lexical-seqn", n.value.Num(), new(big.Int), nil, false)
}
