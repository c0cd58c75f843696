package rfc2217_test

import (
	"encoding/hex"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/rfc2217"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/need"
)

// board serves a virtual board with the reference firmware.
func board(t *testing.T) (url string, b *virtual.Board) {
	t.Helper()
	b, err := virtual.New(virtual.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.LoadFlash(0, firmware.Image); err != nil {
		t.Fatal(err)
	}
	p, err := b.Live()
	if err != nil {
		t.Fatal(err)
	}
	l, err := rfc2217.Listen("rfc2217://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		done <- rfc2217.NewServer(p, rfc2217.Config{Signature: "virtual", Baud: virtual.Baud}).Serve(l)
	}()
	t.Cleanup(func() {
		l.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
		b.Close()
	})
	return rfc2217.Scheme + "//" + l.Addr().String(), b
}

// pyserial moves one line at a time, and waits for the answer to each.
func TestPyserial(t *testing.T) {
	python := need.Python(t, "serial")
	for _, option := range []string{"", "?ign_set_control", "?poll_modem"} {
		t.Run(strings.TrimPrefix(option, "?"), func(t *testing.T) {
			t.Parallel()
			url, b := board(t)
			cmd := exec.CommandContext(t.Context(), python, "testdata/pyserial.py", url+option)
			var errs strings.Builder
			cmd.Stderr = &errs
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, errs.String())
			}
			var said struct {
				Pulse   string
				Short   string `json:"classic 0.05"`
				Long    string `json:"classic 0.55"`
				Sync    string
				Magic   string
				CTS     bool
				Between float64
			}
			if err := json.Unmarshal(out, &said); err != nil {
				t.Fatalf("%v in %s", err, out)
			}
			for name, tt := range map[string]struct{ got, want string }{
				"a pulse on RTS":      {said.Pulse, "rst cause:2, boot mode:(3,6)\r\n\r\nload 0x"},
				"the classic reset":   {said.Short, "rst cause:2, boot mode:(1,6)\r\n\r\n"},
				"its slower variant":  {said.Long, "rst cause:2, boot mode:(1,6)\r\n\r\n"},
				"SYNC, answered by 8": {said.Sync, strings.Repeat("\xc0\x01\x08\x02\x00\x07\x07\x12\x20\x00\x00\xc0", 8)},
				"READ_REG":            {said.Magic, "\xc0\x01\x0a\x02\x00\x01\xc1\xf0\xff\x00\x00\xc0"},
			} {
				got, err := hex.DecodeString(tt.got)
				if err != nil || !strings.Contains(string(got), tt.want) || strings.Count(string(got), "ets Jan") > 1 {
					t.Errorf("%s: %q, want %q in it", name, got, tt.want)
				}
			}
			if n := b.Stats().Resets; n != 4 || said.CTS { // power, pulse, and two classic ones
				t.Errorf("%d resets, CTS %t", n, said.CTS)
			}
			t.Logf("both lines asserted for %.0f ms", said.Between*1000)
		})
	}
}
