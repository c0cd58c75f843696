package cli_test

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestInterruptedRun(t *testing.T) {
	t.Parallel()
	spinning := write(t, t.TempDir()+"/spins.bin", spins)
	for name, tt := range map[string]struct {
		after string
		args  []string
	}{
		"while specs run":        {"✓", []string{"--server", "process"}},
		"before the first spec":  {"ready", []string{"--server", "process"}},
		"while it flashes":       {"flash ef 40 16", []string{"--server", "process", "--pace", "real"}},
		"while it boots":         {"KiB", []string{"--server", "process", "--image", spinning}},
		"while it waits for one": {"hold GPIO0 low", []string{"--server", "process", "--board", "esp-01", "--port", terminal(t)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			got, took := interrupt(t, tt.after, dir, append([]string{"run"}, tt.args...)...)
			if got.code != 4 || !strings.Contains(got.errs, "espalier: interrupted") || took > soon {
				t.Errorf("exit %d after %v\n%s%s", got.code, took, got.out, got.errs)
			}
			d := reported(t, dir+"/out/report")
			last := d.Results[len(d.Results)-1]
			if d.Code != 4 || last.Message != "interrupted" || last.Status != "fail" {
				t.Errorf("the report says %d, and ends with %+v", d.Code, last)
			}
			for _, res := range d.Results[:len(d.Results)-1] {
				if res.Status == "fail" {
					t.Errorf("an interruption was blamed on somebody: %+v", res)
				}
			}
		})
	}
}

// A server that takes its time, and somebody who does not.
func TestInterruptedStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir+"/slow", "#!/bin/sh\nkill -INT $PPID\nexec sleep 100\n")
	if err := os.Chmod(dir+"/slow", 0o755); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	got := finish(t, espalier(t, dir, "run", "--server", "process", "--server-program", "./slow"))
	if took := time.Since(began); got.code != 4 || !strings.Contains(got.errs, "espalier: interrupted") || took > 20*time.Second {
		t.Errorf("exit %d after %v\n%s%s", got.code, took, got.out, got.errs)
	}
	if d := reported(t, dir+"/out/report"); d.Code != 4 || len(d.Results) != 1 || d.Results[0].Message != "interrupted" {
		t.Errorf("the report says %+v", d)
	}
}

func TestInterruptedFlash(t *testing.T) {
	t.Parallel()
	got, took := interrupt(t, "hold GPIO0 low", t.TempDir(), "flash", "--board", "esp-01", "--port", terminal(t))
	if got.wants(t, 4, "interrupted", "flash it again"); took > soon {
		t.Errorf("took %v", took)
	}
}

func TestInterruptedSend(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	url := serve(t, dir, "12FA:"+passphrase+":0").URL()
	got, took := interrupt(t, "accepted", dir, "send", "--url", url, "--passphrase", passphrase, "--count", "9", "--every", "1h")
	if got.wants(t, 6, "interrupted after 1 of 9 readings"); took > soon {
		t.Errorf("took %v", took)
	}
}
