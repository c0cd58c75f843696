package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/smallrom"
)

// The whole suite on mask ROMs that are executed: our small one and, where
// ESPALIER_ROM names it, a dump (make romcheck ROM=FILE). The grade is that of
// the ROM, and the report names it.
func TestRunOnROMs(t *testing.T) {
	t.Parallel()
	small := filepath.Join(t.TempDir(), "small.bin")
	if err := os.WriteFile(small, smallrom.ROM, 0o644); err != nil {
		t.Fatal(err)
	}
	roms := []string{small}
	if dump := os.Getenv("ESPALIER_ROM"); dump != "" {
		roms = append(roms, dump)
	}
	for _, path := range roms {
		p, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rom := boards.IdentifyROM(p)
		grade := "virtual"
		if rom.Dumped() {
			grade = "virtual+rom"
		}
		dir := t.TempDir()
		got := finish(t, espalier(t, dir, "run", "--rom", path, "--server", "process", "--seed", "7", "--cuts", "some"))
		got.wants(t, 0, "PASS", "evidence: "+grade+" ·", "rom      "+rom.SHA256, rom.What)
		d := reported(t, dir+"/out/report")
		if d.Code != 0 || d.Grade != grade || d.Board.ROM == nil || *d.Board.ROM != rom {
			t.Errorf("%s: the report says %+v", rom.What, d)
		}
		if len(d.Results) < 70 {
			t.Errorf("%s: %d results", rom.What, len(d.Results))
		}
		for _, res := range d.Results {
			if res.Status != "pass" || res.Grade != grade {
				t.Errorf("%s: %+v", rom.What, res)
			}
		}
		t.Logf("%s: %d specs, evidence %s", rom.What, len(d.Results), d.Grade)
	}
}

// What a board says of its mask ROM, word by word, is the ROM.
func TestReadROM(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	small := filepath.Join(dir, "small.bin")
	if err := os.WriteFile(small, smallrom.ROM, 0o644); err != nil {
		t.Fatal(err)
	}
	rom := boards.IdentifyROM(smallrom.ROM)
	got := finish(t, espalier(t, dir, "rom", "--rom", small, "--out", "dump.bin"))
	got.wants(t, 0, "ESP8266EX, MAC 7a:e5:82:00:00:01", "64.0 of 64.0 KiB", "dump.bin: 65536 bytes, SHA-256 "+rom.SHA256+",\n"+rom.What)
	if p, err := os.ReadFile(filepath.Join(dir, "dump.bin")); err != nil || !bytes.Equal(p, smallrom.ROM) {
		t.Errorf("%d other bytes, %v", len(p), err)
	}
	// Of what cannot be read nothing is left.
	finish(t, espalier(t, dir, "rom", "--port", "/dev/ttyNONE", "--out", "none.bin")).wants(t, 11, "/dev/ttyNONE")
	if _, err := os.Stat(filepath.Join(dir, "none.bin")); !os.IsNotExist(err) {
		t.Errorf("none.bin: %v", err)
	}
}
