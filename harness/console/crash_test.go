package console_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/crash"
)

func TestReset(t *testing.T) {
	c, d := open(t, console.Config{})
	d.Write([]byte("Fatal exception (0): \r\nepc1=0x00000000\r\nets_main.c ")) // whatever was on the board
	item := boot(t, c, d)
	if item.Boot != (console.Boot{Cause: console.External, Mode: console.FlashBoot, SDIO: 6}) || item.Kind != console.BootUp {
		t.Errorf("boot %+v", item)
	}
	load, err := c.After(item.N).Expect(soon(t), console.Text("load 0x40100000"))
	if err != nil || load.N <= item.N {
		t.Errorf("after the boot line: %+v, %v", load, err)
	}
	if err := c.Err(); err != nil {
		t.Errorf("old sins count: %v", err)
	}
}

// Before the first reset was seen through, boots for other causes pass: the
// board may have been powered up by opening the port.
func TestFirstResetIsPatient(t *testing.T) {
	c, d := open(t, console.Config{})
	power := strings.ReplaceAll(bootText, "cause:2", "cause:1")
	item, err := c.Reset(soon(t), says(d, power+bootText), console.External)
	if err != nil || item.Boot.Cause != console.External {
		t.Fatalf("%+v, %v", item, err)
	}
}

func TestCrash(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		death      crash.Death
		line       string
	}{
		{"exception", "Fatal exception (28): \r\nepc1=0x40100010, epc2=0x00000000\r\n", crash.Exception, "Fatal exception (28): epc1=0x40100010, epc2=0x00000000"},
		{"exception, twice", strings.Repeat("Fatal exception (29): \r\nepc1=0x1\r\n", 2), crash.Exception, "Fatal exception (29): epc1=0x1"},
		{"unaligned access", "sp 0x3fff7800 \r\nsf_dump[0] a0: 0x00000011\r\nepc1=0x40100010, epc2=0x00000000\r\n", crash.Exception, "epc1=0x40100010, epc2=0x00000000"},
		{"exception, half", "Fatal exception (28): \r\nepc", crash.Exception, "Fatal exception (28): "},
		{"NONOS SDK", "Fatal exception 9(LoadStoreAlignmentCause):\r\nepc1=0x40200010\r\n", crash.Exception, "Fatal exception 9(LoadStoreAlignmentCause): epc1=0x40200010"},
		{"Arduino", "Exception (28):\r\nepc1=0x40200010 epc2=0x00000000\r\n", crash.Exception, "Exception (28): epc1=0x40200010 epc2=0x00000000"},
		{"RTOS SDK", "Guru Meditation Error: Core  0 panic'ed (LoadProhibited)\r\n", crash.Exception, "Guru Meditation Error: Core  0 panic'ed (LoadProhibited)"},
		{"software watchdog", "\r\nSoft WDT reset\r\n", crash.SoftWatchdog, "Soft WDT reset"},
		{"panic", "Panic main.cpp:7 loop\r\n", crash.Panic, "Panic main.cpp:7 loop"},
		{"watchdog", "wdt reset\r\n", crash.WatchdogReset, "wdt reset"},
		{"watchdog, whole", strings.ReplaceAll(bootText, "cause:2", "cause:4") + "wdt reset\r\n", crash.WatchdogReset, " ets Jan  8 2013,rst cause:4, boot mode:(3,6)"},
		{"reset", bootText, crash.UnexpectedReset, " ets Jan  8 2013,rst cause:2, boot mode:(3,6)"},
		{"reset while sending a record", "\x1e{\"id\":" + bootText, crash.UnexpectedReset, " ets Jan  8 2013,rst cause:2, boot mode:(3,6)"},
		{"no program", "ets_main.c ", crash.BootFailure, "ets_main.c "},
		{"no program, whole line", "csum err\r\nets_main.c \r\n", crash.BootFailure, "ets_main.c "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, d := open(t, console.Config{})
			item := boot(t, c, d)
			cur := c.After(item.N)
			d.Write([]byte("before\r\n" + tt.text))
			if _, err := cur.Expect(soon(t), console.Text("before")); err != nil {
				t.Errorf("what came before the crash: %v", err)
			}
			ctx := soon(t)
			if tt.name == "exception, half" {
				ctx = over(t)
				if _, err := c.After(item.N).Expect(soon(t), console.Text("Fatal")); err != nil {
					t.Fatal(err)
				}
			}
			_, err := cur.Expect(ctx, console.Text("never"))
			var crash *console.Crash
			if !errors.As(err, &crash) || crash.Death != tt.death || crash.Line != tt.line {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(err.Error(), string(tt.death)) || !strings.Contains(err.Error(), tt.line) {
				t.Errorf("message %q", err)
			}
		})
	}
}

// A crash is told to everybody, at once or later, until the next reset; what
// the device says after it is not taken for an answer.
func TestCrashLasts(t *testing.T) {
	c, d := open(t, console.Config{})
	boot(t, c, d)
	cur := c.Now()
	d.Write([]byte("wdt reset\r\nready\r\n"))
	var crash *console.Crash
	for range 2 {
		if _, err := cur.Expect(soon(t), console.Text("ready")); !errors.As(err, &crash) {
			t.Fatalf("got %v", err)
		}
	}
	if !errors.As(c.Err(), &crash) {
		t.Errorf("Err is %v", c.Err())
	}
	item := boot(t, c, d)
	d.Write([]byte("ready\r\n"))
	if _, err := c.After(item.N).Expect(soon(t), console.Text("ready")); err != nil {
		t.Errorf("after the reset: %v", err)
	}
}

// What follows the line that told of a crash is kept until the next boot, and is
// forgotten with the crash.
func TestDump(t *testing.T) {
	c, d := open(t, console.Config{})
	item := boot(t, c, d)
	if dump := c.Dump(soon(t)); dump.Began() {
		t.Errorf("a board that lives said %+v", dump)
	}
	d.Write([]byte("Fatal exception (28): \r\nepc1=0x40100010, excvaddr=0x00000000\r\na0=0x40100020"))
	if _, err := c.After(item.N).Expect(soon(t), console.Text("never")); err == nil {
		t.Fatal("no crash")
	}
	if dump := c.Dump(over(t)); dump.Ended() || len(dump.Words) != 2 {
		t.Errorf("half a dump: %+v", dump)
	}
	d.Write([]byte("\r\n" + bootText))
	if dump := c.Dump(soon(t)); !dump.Ended() || len(dump.Words) != 3 || dump.Cause != 28 {
		t.Errorf("a dump: %+v", dump)
	}
	boot(t, c, d)
	if dump := c.Dump(soon(t)); dump.Began() {
		t.Errorf("after the reset: %+v", dump)
	}
	d.Write([]byte("Fatal exception (0): \r\n"))
	d.Unplug()
	if _, err := c.Now().Expect(soon(t), console.Text("never")); err == nil {
		t.Fatal("no loss")
	}
	if dump := c.Dump(soon(t)); !dump.Began() || dump.Ended() {
		t.Errorf("of a board that was pulled out: %+v", dump)
	}
}

func TestResetCauses(t *testing.T) {
	watchdog := strings.ReplaceAll(bootText, "cause:2", "cause:4") + "wdt reset\r\n"
	software := strings.ReplaceAll(bootText, "cause:2", "cause:3")
	for _, tt := range []struct {
		name   string
		text   string
		causes []console.Cause
		death  crash.Death
	}{
		{"the one", bootText, []console.Cause{console.External}, ""},
		{"one of two", software, []console.Cause{console.External, console.Software}, ""},
		{"any", software, nil, ""},
		{"another", software, []console.Cause{console.External}, crash.UnexpectedReset},
		{"any, but the watchdog", watchdog, nil, crash.WatchdogReset},
		{"the watchdog, on purpose", watchdog, []console.Cause{console.Watchdog}, ""},
		{"the watchdog, twice", watchdog + "wdt reset\r\n", []console.Cause{console.Watchdog}, crash.WatchdogReset},
		{"twice", bootText + bootText, []console.Cause{console.External}, crash.UnexpectedReset},
		{"blank flash", strings.SplitAfter(bootText, "\r\n\r\n")[0] + "ets_main.c ", nil, crash.BootFailure},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, d := open(t, console.Config{})
			boot(t, c, d)
			_, err := c.Reset(soon(t), says(d, tt.text+"\x1e{\"end\":true}\n"), tt.causes...)
			if err == nil {
				cur := c.Now()
				d.Write([]byte("end\r\n"))
				_, err = cur.Expect(soon(t), console.Text("end"))
			}
			var crash *console.Crash
			switch {
			case tt.death == "" && err != nil:
				t.Errorf("got %v", err)
			case tt.death != "" && (!errors.As(err, &crash) || crash.Death != tt.death):
				t.Errorf("got %v, want %s", err, tt.death)
			}
		})
	}
}

// A reset that fails leaves no permission behind.
func TestResetFails(t *testing.T) {
	c, d := open(t, console.Config{})
	boot(t, c, d)
	broken := errors.New("inappropriate ioctl for device")
	if _, err := c.Reset(soon(t), func(context.Context) error { return broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := c.Reset(over(t), func(context.Context) error { return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	cur := c.Now()
	d.Write([]byte(bootText))
	var crash *console.Crash
	if _, err := cur.Expect(soon(t), console.Text("csum")); !errors.As(err, &crash) {
		t.Errorf("a late reset went unnoticed: %v", err)
	}
}
