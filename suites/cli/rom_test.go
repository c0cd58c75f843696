package cli_test

import (
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
		got := finish(t, espalier(t, dir, "run", "--rom", path, "--server", "process", "--seed", "7"))
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
