package payload

import (
	"math/big"
	"strings"

	"github.com/espalier-hil/espalier/vectors"
)

// numberCase is a SEQN by itself: {"data":{"value":300},"SEQN":token}.
type numberCase struct {
	name, token, comment string
	verdict              verdict
}

// verdict is what the protocol says of a number; plus1 is the number after it.
type verdict struct {
	reqs  []string
	right func(plus1 string) []vectors.Outcome
}

var (
	inWindow = verdict{[]string{"REQ-SEQ-001", "REQ-SEQ-002", "REQ-SEQ-013"}, func(plus1 string) []vectors.Outcome { return either(yes(plus1, value)) }}
	inGap    = verdict{[]string{"REQ-SEQ-001", "REQ-SEQ-002", "REQ-SEQ-003"}, inWindow.right}
	farAhead = verdict{[]string{"REQ-SEQ-002", "REQ-SEQ-003"}, func(plus1 string) []vectors.Outcome {
		return either(yes(plus1, value), by("bounded-gap", no(vectors.StageSEQNReplay)))
	}}
	replayed   = verdict{[]string{"REQ-SEQ-001"}, func(string) []vectors.Outcome { return either(no(vectors.StageSEQNReplay)) }}
	outOfRange = verdict{[]string{"REQ-SEQ-006"}, func(string) []vectors.Outcome { return either(no(vectors.StageSEQNType, vectors.StageSEQNReplay)) }}
	tooHuge    = verdict{[]string{"REQ-SEQ-006"}, func(string) []vectors.Outcome { return either(no(vectors.StageSEQNType, vectors.StageInnerJSON)) }}
	spelled    = verdict{[]string{"REQ-SEQ-013"}, func(plus1 string) []vectors.Outcome {
		return either(no(vectors.StageSEQNType), by("integral-seqn", yes(plus1, value)))
	}}
)

var magnitudes = vectors.Note{BugType: "NUMERIC_RANGE", Description: "SEQN at the edges of the window and of machine numbers.",
	Effect: "A message is accepted for ever, a replay gets in, or a device is locked out."}

var spellings = vectors.Note{BugType: "NUMERIC_RANGE", Description: "SEQN with a sign, a fraction or an exponent.",
	Effect: "Fractions between two numbers pass the window; two backends read one text differently."}

// numbers returns the numbers, one family for each next.
func numbers() []family {
	var families []family
	for _, f := range []struct {
		name, next string
		cases      []numberCase
	}{
		{"from-0", "0", []numberCase{
			{"0", "0", "the first number there is", inWindow},
			{"1", "1", "one is missing", inGap},
			{"2-20", "1048576", "the gap that every backend takes", inGap},
			{"2-20-and-1", "1048577", "a larger gap may be bounded", farAhead},
			{"2-32-and-5", "4294967301", "as 32 bits it is 5", farAhead},
			{"2-64", "18446744073709551616", "as 64 bits it is 0", tooHuge},
			{"2-64-and-5", "18446744073709551621", "as 64 bits it is 5", tooHuge},
			{"minus-1", "-1", "below all numbers; as unsigned the largest", outOfRange},
		}},
		{"from-121", "121", []numberCase{
			{"0", "0", "long gone", replayed},
			{"99", "99", "below 121, and behind it in the order of texts", replayed},
			{"120", "120", "the number before next: accepted last", replayed},
			{"121", "121", "next itself", inWindow},
			{"122", "122", "one is missing", inGap},
			{"123", "123", "two are missing", inGap},
			{"1000", "1000", "above 121, and before it in the order of texts", inGap},
			{"gap-2-20", "1048697", "the gap that every backend takes", inGap},
			{"gap-2-20-and-1", "1048698", "a larger gap may be bounded", farAhead},
			{"2-31-less-1", "2147483647", "the largest signed 32-bit integer, far ahead", farAhead},
			{"2-31", "2147483648", "one more than signed 32 bits hold, far ahead", farAhead},
			{"2-32-less-1", "4294967295", "the largest unsigned 32-bit integer, far ahead", farAhead},
			{"2-32", "4294967296", "as 32 bits it is 0", farAhead},
			{"2-32-and-5", "4294967301", "as 32 bits it is 5, which would be a replay", farAhead},
			{"2-32-and-121", "4294967417", "as 32 bits it is 121, which would be next", farAhead},
			{"2-53-less-2", "9007199254740990", "the last number there is, far ahead", farAhead},
			{"2-53-less-1", "9007199254740991", "the largest safe integer of JavaScript; the number after it is not", outOfRange},
			{"2-53", "9007199254740992", "as a double, it equals the number after it", outOfRange},
			{"2-53-and-1", "9007199254740993", "no double holds it", outOfRange},
			{"2-63-less-1", "9223372036854775807", "the largest signed 64-bit integer: the number after it is the lowest", outOfRange},
			{"2-63", "9223372036854775808", "one more than signed 64 bits hold", outOfRange},
			{"2-64-less-1", "18446744073709551615", "the largest unsigned 64-bit integer: the number after it is 0", outOfRange},
			{"2-64", "18446744073709551616", "as 64 bits it is 0", tooHuge},
			{"2-64-and-121", "18446744073709551737", "as 64 bits it is 121, which would be next", tooHuge},
			{"2-128-and-121", "340282366920938463463374607431768211577", "as 128 bits it is 121", tooHuge},
			{"400-digits", strings.Repeat("9", 400), "an infinite double", tooHuge},
			{"zeros-behind", "121" + strings.Repeat("0", 397), "its first digits are next", tooHuge},
			{"minus-1", "-1", "below all numbers; as unsigned the largest", outOfRange},
			{"minus-121", "-121", "next with a sign", outOfRange},
			{"minus-2-63", "-9223372036854775808", "the lowest signed 64-bit integer", outOfRange},
			{"minus-2-64-and-121", "-18446744073709551495", "as 64 bits it is 121", tooHuge},
		}},
		{"from-2-31-less-8", "2147483640", []numberCase{
			{"before", "2147483639", "the number before next", replayed},
			{"2-31-less-2", "2147483646", "the last number whose successor fits signed 32 bits", inGap},
			{"2-31-less-1", "2147483647", "the largest signed 32-bit integer", inGap},
			{"2-31", "2147483648", "one more than signed 32 bits hold", inGap},
			{"2-31-and-1", "2147483649", "two more than signed 32 bits hold", inGap},
		}},
		{"from-2-31", "2147483648", []numberCase{
			{"2-31-less-1", "2147483647", "the number before next", replayed},
			{"2-31", "2147483648", "next itself", inWindow},
			{"minus-2-31", "-2147483648", "as 32 bits it is next", outOfRange},
		}},
		{"from-2-32-less-6", "4294967290", []numberCase{
			{"before", "4294967289", "the number before next", replayed},
			{"wrapped", "0", "what follows 2^32-1 in 32 bits", replayed},
			{"2-32-less-1", "4294967295", "the largest unsigned 32-bit integer", inGap},
			{"2-32", "4294967296", "one more than 32 bits hold", inGap},
			{"2-32-and-1", "4294967297", "two more than 32 bits hold", inGap},
			{"minus-6", "-6", "as 32 bits it is next", outOfRange},
		}},
		{"from-2-32-less-1", "4294967295", []numberCase{
			{"2-32-less-2", "4294967294", "the number before next", replayed},
			{"2-32-less-1", "4294967295", "next itself", inWindow},
			{"minus-1", "-1", "as 32 bits it is next", outOfRange},
		}},
		{"from-2-53-less-10", "9007199254740982", []numberCase{
			{"before", "9007199254740981", "the number before next", replayed},
			{"odd", "9007199254740983", "an odd number of 53 bits", inGap},
			{"2-53-less-2", "9007199254740990", "the last number there is", inGap},
			{"2-53-less-1", "9007199254740991", "one above the last", outOfRange},
		}},
		{"from-2-53-less-2", "9007199254740990", []numberCase{
			{"2-53-less-3", "9007199254740989", "the number before next", replayed},
			{"2-53-less-2", "9007199254740990", "the last number there is, and next: afterwards there is none", inWindow},
			{"2-53-less-1", "9007199254740991", "one above the last", outOfRange},
			{"2-53", "9007199254740992", "two above the last", outOfRange},
			{"2-53-and-1", "9007199254740993", "as a double it is 2^53", outOfRange},
		}},
		{"exhausted", "9007199254740991", []numberCase{
			{"0", "0", "no number begins anew", replayed},
			{"2-53-less-2", "9007199254740990", "the last number there is, again", replayed},
			{"2-53-less-1", "9007199254740991", "next, which is no number any more", outOfRange},
			{"2-53", "9007199254740992", "above next", outOfRange},
		}},
	} {
		families = append(families, numberFamily("seqn-"+f.name, "Magnitude", "critical", magnitudes, f.next, f.cases))
	}
	for _, f := range []struct {
		name, next string
		cases      []numberCase
	}{
		{"from-0", "0", []numberCase{
			{"minus-0", "-0", "zero with a sign", spelled},
			{"0-point-0", "0.0", "zero with a fraction of zero", spelled},
			{"minus-0-point-0", "-0.0", "zero with a sign and a fraction", spelled},
			{"0e0", "0e0", "zero with an exponent", spelled},
			{"0e400", "0e400", "zero with an exponent beyond doubles", spelled},
			{"half", "0.5", "a half: next would be one and a half", outOfRange},
			{"minus-half", "-0.5", "cut off, it is zero", outOfRange},
			{"1e-400", "1e-400", "as a double it is zero", outOfRange},
		}},
		{"from-121", "121", []numberCase{
			{"121-point-0", "121.0", "next with a fraction of zero", spelled},
			{"121-point-many-0", "121.00000000000000000000000000000000", "next with a long fraction of zero", spelled},
			{"1-point-21e2", "1.21e2", "next with an exponent", spelled},
			{"121e0", "121e0", "next with an exponent of zero", spelled},
			{"121e-0", "121e-0", "next with an exponent of minus zero", spelled},
			{"12100e-2", "12100e-2", "next with a negative exponent", spelled},
			{"1-point-21e-plus-2", "1.21E+2", "capital E, and a plus", spelled},
			{"2e2", "2e2", "a gap, with an exponent", spelled},
			{"121-point-5", "121.5", "half way to the number after next", outOfRange},
			{"120-point-9", "120.9", "below next; rounded it is next", outOfRange},
			{"121-and-a-hair", "121.00000000000000000001", "as a double it is next", outOfRange},
			{"121-less-a-hair", "120.99999999999999999999", "as a double it is next", outOfRange},
			{"121e-1", "121e-1", "12.1: a reader of digits takes it for 121", outOfRange},
			{"1e2", "1E2", "100, below next", outOfRange},
			{"minus-121-point-0", "-121.0", "next with a sign and a fraction", outOfRange},
			{"1e22", "1e22", "the largest power of ten that a double holds exactly", tooHuge},
			{"1e308", "1e308", "close to the largest double", tooHuge},
			{"1e309", "1e309", "the first power of ten that is an infinite double", tooHuge},
			{"1e400", "1e400", "an infinite double", tooHuge},
			{"minus-1e400", "-1e400", "an infinite double below zero", tooHuge},
		}},
		{"from-2-53-less-2", "9007199254740990", []numberCase{
			{"point-0", "9007199254740990.0", "the last number, with a fraction of zero", spelled},
			{"exponent", "9.00719925474099e15", "the last number, with an exponent", spelled},
			{"point-5", "9007199254740990.5", "half above the last; as a double it is the last", outOfRange},
			{"2-53-exponent", "9.007199254740992e15", "2^53 with an exponent", outOfRange},
		}},
	} {
		families = append(families, numberFamily("spelling-"+f.name, "Spelling", "high", spellings, f.next, f.cases))
	}
	return families
}

func numberFamily(name, flag, importance string, note vectors.Note, next string, numbers []numberCase) family {
	f := family{name: name, flag: flag, note: note, importance: importance, next: next}
	for _, c := range numbers {
		right := c.verdict.right(after(c.token))
		text := `{"data":` + value + `,"SEQN":` + c.token + `}`
		if c.token == next && right[0].Accept {
			text = `{"data":` + value + `,"SEQN":${SEQN}}`
		}
		f.cases = append(f.cases, example{c.name, c.comment, text, right, numberMistakes(c.token, next, right), c.verdict.reqs})
	}
	return f
}

// after returns the number after token, which spells one, if it is whole.
func after(token string) string {
	n, _ := new(big.Rat).SetString(token)
	return new(big.Int).Add(whole(n), big.NewInt(1)).String()
}
