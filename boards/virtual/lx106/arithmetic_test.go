package lx106_test

import "testing"

var arithmetic = []example{
	{"add a1, a2, a3", "801230", "a2=1 a3=2 -> a1=3; a2=ffffffff a3=2 -> a1=1; a2=7fffffff a3=1 -> a1=80000000"},
	{"add a15, a15, a15", "80fff0", "a15=80000001 -> a15=2"},
	{"add.n a1, a2, a3", "123a", "a2=fffffff0 a3=20 -> a1=10"},
	{"addi a1, a2, 127", "7fc212", "a2=1 -> a1=80"},
	{"addi a1, a2, -128", "80c212", "a2=1 -> a1=ffffff81"},
	{"addi.n a1, a2, 1", "121b", "a2=ffffffff -> a1=0"},
	{"addi.n a1, a2, 15", "12fb", "a2=1 -> a1=10"},
	{"addi.n a1, a2, -1", "120b", "a2=0 -> a1=ffffffff"}, // encoded as zero
	{"addmi a1, a2, 0x7f00", "7fd212", "a2=ff -> a1=7fff"},
	{"addmi a1, a2, -0x8000", "80d212", "a2=1 -> a1=ffff8001"},
	{"addx2 a1, a2, a3", "901230", "a2=80000001 a3=10 -> a1=12"},
	{"addx4 a1, a2, a3", "a01230", "a2=40000001 a3=10 -> a1=14"},
	{"addx8 a1, a2, a3", "b01230", "a2=20000001 a3=10 -> a1=18"},
	{"sub a1, a2, a3", "c01230", "a2=1 a3=2 -> a1=ffffffff; a2=80000000 a3=1 -> a1=7fffffff"},
	{"subx2 a1, a2, a3", "d01230", "a2=80000001 a3=1 -> a1=1"},
	{"subx4 a1, a2, a3", "e01230", "a2=40000001 a3=1 -> a1=3"},
	{"subx8 a1, a2, a3", "f01230", "a2=20000001 a3=1 -> a1=7"},
	{"neg a1, a2", "601020", "a2=1 -> a1=ffffffff; a2=0 -> a1=0; a2=80000000 -> a1=80000000"},
	{"abs a1, a2", "601120", "a2=ffffffff -> a1=1; a2=7fffffff -> a1=7fffffff; a2=80000000 -> a1=80000000"},
	{"and a1, a2, a3", "101230", "a2=ff00ff00 a3=0ff00ff0 -> a1=0f000f00"},
	{"or a1, a2, a3", "201230", "a2=ff00ff00 a3=0ff00ff0 -> a1=fff0fff0"},
	{"xor a1, a2, a3", "301230", "a2=ff00ff00 a3=0ff00ff0 -> a1=f0f0f0f0"},
	{"mull a1, a2, a3", "821230", "a2=10001 a3=10001 -> a1=20001; a2=ffffffff a3=ffffffff -> a1=1"},
	{"mul16u a1, a2, a3", "c11230", "a2=1234ffff a3=5678ffff -> a1=fffe0001"},
	{"mul16s a1, a2, a3", "d11230", "a2=1234ffff a3=56780002 -> a1=fffffffe; a2=8000 a3=8000 -> a1=40000000"},
}

var moves = []example{
	{"mov.n a1, a2", "021d", "a2=12345678 -> a1=12345678"},
	{"movi a1, 2047", "ffa712", "-> a1=7ff"},
	{"movi a1, -2048", "00a812", "-> a1=fffff800"},
	{"movi a15, -1", "ffaff2", "-> a15=ffffffff"},
	{"movi.n a1, 95", "f15c", "-> a1=5f"},
	{"movi.n a1, 31", "f11c", "-> a1=1f"},
	{"movi.n a1, -32", "016c", "-> a1=ffffffe0"},
	{"movi.n a1, -1", "f17c", "-> a1=ffffffff"},
	{"moveqz a1, a2, a3", "831230", "a2=1 a3=0 -> a1=1; a2=1 a3=1 ->; a2=1 a3=80000000 ->"},
	{"movnez a1, a2, a3", "931230", "a2=1 a3=0 ->; a2=1 a3=1 -> a1=1; a2=1 a3=80000000 -> a1=1"},
	{"movltz a1, a2, a3", "a31230", "a2=1 a3=0 ->; a2=1 a3=7fffffff ->; a2=1 a3=80000000 -> a1=1"},
	{"movgez a1, a2, a3", "b31230", "a2=1 a3=0 -> a1=1; a2=1 a3=7fffffff -> a1=1; a2=1 a3=80000000 ->"},
	{"nop", "0020f0", "->"},
	{"nop.n", "f03d", "->"},
}

func TestArithmetic(t *testing.T) { check(t, arithmetic) }

func TestMoves(t *testing.T) { check(t, moves) }
