package report_test

import (
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/report"
)

var (
	chipROM = &boards.MaskROM{SHA256: "32f199bf10da9a08c6c4e1b556b29c7606656b8a6d04e4f17d5afa74e5d98c68", What: "mask ROM of the ESP8266EX, dumped from a chip"}
	someROM = &boards.MaskROM{SHA256: strings.Repeat("0f", 32), What: "mask ROM of the ESP8266EX, dumped from a chip"}
)

// A claim of virtual+rom is worth that much only with a ROM known as a chip's.
func TestGradeOnAROM(t *testing.T) {
	for _, tt := range []struct {
		grade report.Grade
		mac   string
		rom   *boards.MaskROM
		want  report.Grade
	}{
		{report.VirtualROM, virtualMAC, chipROM, report.VirtualROM},
		{report.VirtualROM, virtualMAC, someROM, report.Virtual},
		{report.VirtualROM, virtualMAC, nil, report.Virtual},
		{report.Virtual, virtualMAC, chipROM, report.Virtual},
		{report.HardwareTethered, virtualMAC, chipROM, report.Virtual},
		{report.HardwareTethered, realMAC, nil, report.HardwareTethered},
		{report.Ungraded, virtualMAC, chipROM, report.Ungraded},
	} {
		board := report.Board{MAC: tt.mac, ROM: tt.rom}
		if got := board.Believed(tt.grade); got != tt.want {
			t.Errorf("%v on %s with %v is believed as %v, want %v", tt.grade, tt.mac, tt.rom, got, tt.want)
		}
	}
}

// The whole report names the ROM, and grades by it and not by what a result
// claims.
func TestReportNamesTheROM(t *testing.T) {
	for _, tt := range []struct {
		rom   *boards.MaskROM
		grade string
	}{{chipROM, "virtual+rom"}, {someROM, "virtual"}} {
		res := result(report.Pass, "", "REQ-SEQ-001")
		res.Grade = report.VirtualROM
		run := newRun(res)
		run.Board.ROM = tt.rom
		text := summary(t, run, false)
		js, err := run.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, js); err != nil {
			t.Error(err)
		}
		ju, err := run.JUnit()
		if err != nil {
			t.Fatal(err)
		}
		for name, p := range map[string]string{"summary": text, "report.json": string(js), "junit.xml": string(ju)} {
			for _, want := range []string{tt.rom.SHA256, tt.rom.What} {
				if !strings.Contains(p, want) {
					t.Errorf("%s does not name %s", name, want)
				}
			}
		}
		for name, want := range map[string]string{
			text:       "evidence: " + tt.grade + " ",
			string(js): `"grade": "` + tt.grade + `"`,
			string(ju): `classname="espalier.` + tt.grade + `"`,
		} {
			if !strings.Contains(name, want) || tt.grade == "virtual" && strings.Contains(name, "virtual+rom") {
				t.Errorf("%s is not graded %s", name, tt.grade)
			}
		}
	}
}
