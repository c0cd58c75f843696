package lx106_test

import "testing"

// Data RAM takes accesses of any size, instruction RAM takes whole words.
var loads = []example{
	{"l8ui a1, a2, 0", "000212", "a2=3ffe8003 @3ffe8000=f1020304 -> a1=f1"},
	{"l8ui a1, a2, 255", "ff0212", "a2=3ffe8001 @3ffe8100=f4 -> a1=f4"},
	{"l16ui a1, a2, 0", "001212", "a2=3ffe8002 @3ffe8000=f1020304 -> a1=f102"},
	{"l16ui a1, a2, 510", "ff1212", "a2=3ffe8002 @3ffe8200=fffe -> a1=fffe"},
	{"l16si a1, a2, 0", "009212", "a2=3ffe8002 @3ffe8000=f1020304 -> a1=fffff102; " +
		"a2=3ffe8000 @3ffe8000=f1020304 -> a1=304"},
	{"l16si a1, a2, 510", "ff9212", "a2=3ffe8002 @3ffe8200=fffe -> a1=fffffffe"},
	{"l32i a1, a2, 0", "002212", "a2=3ffe8004 @3ffe8004=f1020304 -> a1=f1020304; " +
		"a2=40100200 @40100200=f1020304 -> a1=f1020304"},
	{"l32i a1, a2, 1020", "ff2212", "a2=3ffe8004 @3ffe8400=f1020304 -> a1=f1020304"},
	{"l32i.n a1, a2, 0", "0218", "a2=3ffe8004 @3ffe8004=f1020304 -> a1=f1020304"},
	{"l32i.n a1, a2, 60", "f218", "a2=3ffe8004 @3ffe8040=f1020304 -> a1=f1020304"},
	{"l32i a2, a2, 0", "002222", "a2=3fffffe0 @3fffffe0=1 -> a2=1"},
	// From the next word after the first byte, backwards only.
	{"l32r a1, . - 8", "fffe11", "@401003f8=1 @401003fc=2 -> a1=1; " +
		"pc=40100401 @401003f8=1 @401003fc=2 -> a1=2; pc=40100404 @401003f8=1 @401003fc=2 -> a1=2"},
	{"l32r a1, . - 0x300", "ff4011", "@40100100=f1020304 -> a1=f1020304; pc=40100404 @40100104=f1020304 -> a1=f1020304"},
}

var stores = []example{
	{"s8i a1, a2, 0", "004212", "a1=12345678 a2=3ffe8002 @3ffe8000=ffffffff -> @3ffe8000=ff78ffff"},
	{"s8i a1, a2, 255", "ff4212", "a1=12345678 a2=3ffe8002 -> @3ffe8100=7800"},
	{"s16i a1, a2, 0", "005212", "a1=12345678 a2=3ffe8002 @3ffe8000=ffffffff -> @3ffe8000=5678ffff"},
	{"s16i a1, a2, 510", "ff5212", "a1=12345678 a2=3ffe8002 -> @3ffe8200=5678"},
	{"s32i a1, a2, 0", "006212", "a1=12345678 a2=3ffe8004 -> @3ffe8004=12345678; a1=12345678 a2=40100200 -> @40100200=12345678"},
	{"s32i a1, a2, 1020", "ff6212", "a1=12345678 a2=3ffe8004 -> @3ffe8400=12345678"},
	{"s32i.n a1, a2, 0", "0219", "a1=12345678 a2=3ffe8004 -> @3ffe8004=12345678"},
	{"s32i.n a1, a2, 60", "f219", "a1=12345678 a2=3ffe8004 -> @3ffe8040=12345678"},
}

func TestLoads(t *testing.T) { check(t, loads) }

func TestStores(t *testing.T) { check(t, stores) }
