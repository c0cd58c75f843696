package lx106_test

import (
	"fmt"
	"testing"
)

// registersOfTheCore are the special registers that hold what was written,
// within mask.
var registersOfTheCore = []struct {
	name   string
	number int
	mask   uint32
}{
	{"sar", 3, 0x3f},
	{"litbase", 5, 0xfffff001},
	{"ddr", 104, 0xffffffff},
	{"ibreaka0", 128, 0xffffffff},
	{"dbreaka0", 144, 0xffffffff},
	{"epc1", 177, 0xffffffff},
	{"epc2", 178, 0xffffffff},
	{"epc3", 179, 0xffffffff},
	{"depc", 192, 0xffffffff},
	{"eps2", 194, 0x3f},
	{"eps3", 195, 0x3f},
	{"excsave1", 209, 0xffffffff},
	{"excsave2", 210, 0xffffffff},
	{"excsave3", 211, 0xffffffff},
	{"intenable", 228, 0x7fff},
	{"ps", 230, 0x3f},
	{"exccause", 232, 0x3f},
	{"icount", 236, 0xffffffff},
	{"excvaddr", 238, 0xffffffff},
	{"ccompare0", 240, 0xffffffff},
}

// others are the numbers of the rest: MMID, IBREAKENABLE, DBREAKC0, CONFIGID0
// and 1, INTERRUPT (or INTSET), INTCLEAR, VECBASE, DEBUGCAUSE, CCOUNT, PRID,
// ICOUNTLEVEL.
var others = []uint32{89, 96, 160, 176, 208, 226, 227, 231, 233, 234, 235, 237}

// holding returns the numbers of registersOfTheCore.
func holding() (numbers []uint32) {
	for _, r := range registersOfTheCore {
		numbers = append(numbers, uint32(r.number))
	}
	return numbers
}

// specialRegisters returns an example of each way to each of them.
func specialRegisters() []example {
	var examples []example
	for _, r := range registersOfTheCore {
		v := 0xa5a5a5a5 & r.mask
		for _, e := range []struct {
			op    string
			code  int
			cases string
		}{
			{"rsr", 0x030000, "%[1]s=%[2]x -> a2=%[2]x"},
			{"wsr", 0x130000, "a2=a5a5a5a5 -> %[1]s=%[2]x; a2=ffffffff -> %[1]s=%[3]x"},
			{"xsr", 0x610000, "a2=a5a5a5a5 %[1]s=%[4]x -> a2=%[4]x %[1]s=%[2]x"},
		} {
			examples = append(examples, example{
				text:  fmt.Sprintf("%s.%s a2", e.op, r.name),
				hex:   fmt.Sprintf("%06x", e.code|r.number<<8|2<<4),
				cases: fmt.Sprintf(e.cases, r.name, v, r.mask, 0x5a5a5a5a&r.mask),
			})
		}
	}
	return examples
}

var system = []example{
	{"rsr.interrupt a2", "03e220", "interrupt=40 lines=1 -> a2=41"},
	{"wsr.intset a2", "13e220", "a2=ffffffff -> interrupt=80"}, // only the software one
	{"wsr.intclear a2", "13e320", "ps=23 a2=ffffffff interrupt=3fc0 lines=1 -> interrupt=40"},
	{"wsr.ccompare0 a2", "13f020", "a2=1234 interrupt=c0 -> ccompare0=1234 interrupt=80"},
	{"wsr.vecbase a2", "13e720", "a2=40100100 -> vecbase=40100100"},
	{"rsr.vecbase a2", "03e720", "-> a2=40000000"},
	{"rsr.ccount a2", "03ea20", "ccountbias=1233 -> a2=1234"},
	{"wsr.ccount a2", "13ea20", "a2=1235 -> ccountbias=1234"},
	{"rsr.debugcause a2", "03e920", "debugcause=8 -> a2=8"},
	{"rsr a2, 176", "03b020", "-> a2=c28cdafa"}, // configid0 and 1
	{"rsr a2, 208", "03d020", "-> a2=1082b6f6"},
	{"rsr.prid a2", "03eb20", "-> a2=0"},
	{"rsr.ibreakenable a2", "036020", "-> a2=0"},
	{"rsr.dbreakc0 a2", "03a020", "-> a2=0"},
	{"rsr.icountlevel a2", "03ed20", "-> a2=0"},
	{"wsr.mmid a2", "135920", "->"},
	{"wsr.ibreakenable a2", "136020", "a2=0 ->"},

	{"rsil a2, 0", "006020", "ps=2f -> a2=2f ps=20"},
	{"rsil a2, 15", "006f20", "ps=21 -> a2=21 ps=2f"},

	{"memw", "0020c0", "->"},
	{"extw", "0020d0", "->"},
	{"isync", "002000", "->"},
	{"rsync", "002010", "->"},
	{"esync", "002020", "->"},
	{"dsync", "002030", "->"},
	{"excw", "002080", "->"},
	{"witlb a2, a3", "506320", "->"},
	{"wdtlb a2, a3", "50e320", "->"},
	{"iitlb a2", "504200", "->"},
	{"idtlb a2", "50c200", "->"},
}

func TestSystem(t *testing.T) { check(t, system) }

func TestSpecialRegisters(t *testing.T) { check(t, specialRegisters()) }

// TestLiteralBase moves the literals that l32r loads to LITBASE.
func TestLiteralBase(t *testing.T) {
	check(t, []example{
		{"l32r a1, . - 8", "fffe11", "litbase=40101001 @40100ff8=1 -> a1=1; litbase=3ffe9001 @3ffe8ff8=1 -> a1=1"},
	})
}
