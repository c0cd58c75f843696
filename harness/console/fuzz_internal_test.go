package console

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/espalier-hil/espalier/harness/port/porttest"
)

// FuzzConsole has a device say anything, in two pieces, before and after a
// reset. The console files all of it in bounded room, keeps what came as it
// came, and says of a crash nothing that would move a terminal's cursor.
func FuzzConsole(f *testing.F) {
	const boot = "\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n"
	f.Add([]byte(boot), []byte("Fatal exception (28): \r\nepc1=0x40100010\r\n"))
	f.Add([]byte("ets_main.c "), []byte(boot+"\x1e{\"hello\":{}}\nwdt reset\r\n"))
	f.Add([]byte("\x1e{\"id\":1"), []byte(strings.ReplaceAll(boot, "cause:2", "cause:4")))
	f.Add([]byte(boot), []byte("\x1b[2J\xff\x00Fatal exception (999): \n\x1b]0;x\a\n"))
	f.Fuzz(func(t *testing.T, first, second []byte) {
		host, device := porttest.Pipe()
		const kept = 4096
		c, err := New(host, Config{History: kept, Timeline: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		device.Write(first)
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if item, err := c.Reset(over, func(context.Context) error { device.Write(second); return nil }); err == nil && item.Kind != BootUp {
			t.Errorf("a reset ended with %+v", item)
		}
		device.Unplug()
		<-c.done
		c.mu.Lock()
		crash, size, items := c.crash, c.history.size, len(c.history.items)
		c.mu.Unlock()
		if size > kept && items > 1 {
			t.Errorf("%d bytes of %d are kept", size, kept)
		}
		if crash != nil && strings.ContainsFunc(crash.Error(), unicode.IsControl) {
			t.Errorf("%q", crash.Error())
		}
		if tail := c.Tail(12); strings.ContainsFunc(strings.ReplaceAll(tail, "\n", ""), unicode.IsControl) {
			t.Errorf("tail %q", tail)
		}
		var heard []byte
		for _, e := range c.Timeline().Events(time.Time{}, time.Time{}) {
			heard = append(heard, e.Data...)
		}
		if said := append(bytes.Clone(first), second...); !bytes.Equal(heard, said) {
			t.Errorf("said %q, on record %q", said, heard)
		}
	})
}
