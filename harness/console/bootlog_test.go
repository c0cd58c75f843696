package console_test

import (
	"testing"

	"github.com/espalier-hil/espalier/harness/console"
)

func TestParseBoot(t *testing.T) {
	ok := func(cause console.Cause, mode, sdio int) console.Boot {
		return console.Boot{Cause: cause, Mode: mode, SDIO: sdio}
	}
	for _, tt := range []struct {
		line string
		want console.Boot
	}{
		{" ets Jan  8 2013,rst cause:2, boot mode:(3,6)", ok(console.External, 3, 6)},
		{" ets Jan  8 2013,rst cause:1, boot mode:(1,7)", ok(console.Power, 1, 7)},
		{" ets Jan 18 2013,rst cause:4, boot mode:(3,0)", ok(console.Watchdog, 3, 0)},
		{"\x00\xfe\x1b ets Jan  8 2013,rst cause:3, boot mode:(3,6)", ok(console.Software, 3, 6)},
		{"beacon timeo ets Jan  8 2013,rst cause:2, boot mode:(3,6)", ok(console.External, 3, 6)},
		{" ets Jan  8 2013,rst cause:2, boot mode:(3,6", console.Boot{}},
		{" ets Jan  8 2013,rst cause:-2, boot mode:(3,6)", console.Boot{}},
		{" ets Jan  8 2013,rst cause:99999999999999999999, boot mode:(3,6)", console.Boot{}},
		{"ets_main.c ", console.Boot{}},
		{"", console.Boot{}},
	} {
		got, found := console.ParseBoot(tt.line)
		if got != tt.want || found != (tt.want != console.Boot{}) {
			t.Errorf("%q: %+v, %t", tt.line, got, found)
		}
	}
}

func TestParseLoad(t *testing.T) {
	for _, tt := range []struct {
		line string
		want console.Load
	}{
		{"load 0x40100000, len 44, room 16 ", console.Load{Addr: 0x40100000, Length: 44}},
		{"load 0x3ffe8000, len 20, room 0 ", console.Load{Addr: 0x3FFE8000, Length: 20}},
		{"load 0x3ffe8000, len 20", console.Load{}},
		{"reload 0x3ffe8000, len 20, room 0 ", console.Load{}},
		{"load 0x3ffe800, len 20, room 0 ", console.Load{}},
	} {
		got, found := console.ParseLoad(tt.line)
		if got != tt.want || found != (tt.want != console.Load{}) {
			t.Errorf("%q: %+v, %t", tt.line, got, found)
		}
	}
}

func TestParseSum(t *testing.T) {
	if sum, ok := console.ParseSum("csum 0x12"); !ok || sum != 0x12 {
		t.Errorf("got %#x, %t", sum, ok)
	}
	for _, line := range []string{"chksum 0x12", "csum err", "csum 0x123", "csum 0x1"} {
		if sum, ok := console.ParseSum(line); ok || sum != 0 {
			t.Errorf("%q: %#x, %t", line, sum, ok)
		}
	}
}

func TestCauseNames(t *testing.T) {
	for cause, want := range map[console.Cause]string{1: "power-on", 2: "reset pin", 3: "software", 4: "watchdog", 5: "cause 5"} {
		if got := cause.String(); got != want {
			t.Errorf("cause %d is %q, want %q", int(cause), got, want)
		}
	}
}

func FuzzParseBoot(f *testing.F) {
	f.Add(" ets Jan  8 2013,rst cause:2, boot mode:(3,6)")
	f.Add("load 0x40100000, len 44, room 16 ")
	f.Add("csum 0x12")
	f.Fuzz(func(t *testing.T, line string) {
		if boot, ok := console.ParseBoot(line); !ok && boot != (console.Boot{}) {
			t.Fatalf("%+v beside failure", boot)
		}
		if load, ok := console.ParseLoad(line); !ok && load != (console.Load{}) || load.Length < 0 {
			t.Fatalf("%+v, %t", load, ok)
		}
		if sum, ok := console.ParseSum(line); !ok && sum != 0 {
			t.Fatalf("%#x beside failure", sum)
		}
	})
}
