package lx106_test

import "testing"

var shifts = []example{
	{"slli a1, a2, 1", "1112f0", "a2=80000001 -> a1=2"}, // encoded as 32 less the amount
	{"slli a1, a2, 16", "111200", "a2=12345678 -> a1=56780000"},
	{"slli a1, a2, 31", "011210", "a2=3 -> a1=80000000"},
	{"srli a1, a2, 0", "411020", "a2=80000001 -> a1=80000001"},
	{"srli a1, a2, 15", "411f20", "a2=80008000 -> a1=10001"},
	{"srai a1, a2, 0", "211020", "a2=80000001 -> a1=80000001"},
	{"srai a1, a2, 15", "211f20", "a2=80008000 -> a1=ffff0001"},
	{"srai a1, a2, 31", "311f20", "a2=80000000 -> a1=ffffffff; a2=7fffffff -> a1=0"},
	{"extui a1, a2, 0, 1", "041020", "a2=ffffffff -> a1=1"},
	{"extui a1, a2, 0, 16", "f41020", "a2=12345678 -> a1=5678"},
	{"extui a1, a2, 15, 8", "741f20", "a2=807f8000 -> a1=ff"},
	{"extui a1, a2, 16, 16", "f51020", "a2=12345678 -> a1=1234"},
	{"extui a1, a2, 31, 1", "051f20", "a2=80000000 -> a1=1"},
	// SAR is 0..32; 32 shifts everything out.
	{"sll a1, a2", "a11200", "a2=80000001 sar=20 -> a1=80000001; a2=80000001 sar=1f -> a1=2; " +
		"a2=3 sar=1 -> a1=80000000; a2=ffffffff sar=0 -> a1=0"},
	{"srl a1, a2", "911020", "a2=80000001 sar=0 -> a1=80000001; a2=80000001 sar=1 -> a1=40000000; " +
		"a2=80000001 sar=1f -> a1=1; a2=ffffffff sar=20 -> a1=0"},
	{"sra a1, a2", "b11020", "a2=80000001 sar=0 -> a1=80000001; a2=80000001 sar=1 -> a1=c0000000; " +
		"a2=80000001 sar=1f -> a1=ffffffff; a2=80000001 sar=20 -> a1=ffffffff; a2=7fffffff sar=20 -> a1=0"},
	{"src a1, a2, a3", "811230", "a2=11112222 a3=33334444 sar=0 -> a1=33334444; " +
		"a2=11112222 a3=33334444 sar=10 -> a1=22223333; a2=11112222 a3=33334444 sar=20 -> a1=11112222"},
	{"ssl a2", "401200", "a2=0 -> sar=20; a2=1 -> sar=1f; a2=1f -> sar=1; a2=20 -> sar=20; a2=ffffffff -> sar=1"},
	{"ssr a2", "400200", "a2=0 -> sar=0; a2=1f -> sar=1f; a2=20 -> sar=0; a2=ffffffff -> sar=1f"},
	{"ssai 0", "404000", "sar=20 -> sar=0"},
	{"ssai 15", "404f00", "-> sar=f"},
	{"ssai 31", "404f10", "-> sar=1f"},
	{"ssa8l a2", "402200", "a2=0 -> sar=0; a2=1 -> sar=8; a2=3 -> sar=18; a2=ffffffff -> sar=18; a2=4 -> sar=0"},
	{"ssa8b a2", "403200", "a2=0 -> sar=20; a2=1 -> sar=18; a2=3 -> sar=8; a2=ffffffff -> sar=8; a2=4 -> sar=20"},
	{"nsa a1, a2", "40e210", "a2=0 -> a1=1f; a2=ffffffff -> a1=1f; a2=1 -> a1=1e; " +
		"a2=7fffffff -> a1=0; a2=80000000 -> a1=0; a2=c0000000 -> a1=1"},
	{"nsau a1, a2", "40f210", "a2=0 -> a1=20; a2=1 -> a1=1f; a2=ffffffff -> a1=0; a2=7fffffff -> a1=1"},
}

func TestShifts(t *testing.T) { check(t, shifts) }
