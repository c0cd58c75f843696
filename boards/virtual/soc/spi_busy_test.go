package soc_test

import (
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/soc"
)

// How long a program sees the flash busy, by bit 0 of its status (ESP8266.md 6.1:
// sector 60 ms, 64 KiB 0.4 s, page 0.7 ms), at either pace of the bytes. The
// controller itself is done at once: no bit of CMD stays, and bit 9 of DPORT's
// 0x0c is 0.
func TestSPIBusy(t *testing.T) {
	const ms = time.Millisecond
	for _, tt := range []struct {
		name string
		cmd  uint32
		addr uint32
		busy time.Duration
	}{
		{"sector erase", spiSectorErase, 0, 60 * ms},
		{"block erase", spiBlockErase, 0, 400 * ms},
		{"chip erase", spiChipErase, 0, 10 * time.Second},
		{"program of one byte", spiProgram, 1 << 24, 30 * us},
		{"program of 32 bytes", spiProgram, 32 << 24, 111 * us},
		{"status", spiWriteStatus, 0, 10 * ms},
		{"read", spiRead, 4 << 24, 0},
		{"write disable", spiWriteDisable, 0, 0},
	} {
		for _, paced := range []bool{false, true} {
			b := newBench(t, soc.Config{Paced: paced})
			status := func() uint32 {
				b.set(spiCmd, spiReadStatus)
				return b.get(spiStatus)
			}
			b.set(spiCmd, spiWriteEnable)
			b.set(spiStatus, 0)
			b.set(spiAddr, tt.addr)
			b.set(spiCmd, tt.cmd)
			b.want("the command clears itself", spiCmd, 0)
			b.want("the controller is idle", 0x3ff0000c, 0)
			began, step := b.Now(), us+tt.busy/1000
			for status()&1 != 0 {
				b.set(spiCmd, spiWriteEnable)
				if b.Flash.Status()&2 != 0 {
					t.Fatalf("%s: a busy flash takes commands", tt.name)
				}
				b.Advance(step)
			}
			if took := b.Now() - began; took < tt.busy || took > tt.busy+2*step {
				t.Errorf("%s, paced %v: busy for %v, want %v", tt.name, paced, took, tt.busy)
			}
		}
	}
}
