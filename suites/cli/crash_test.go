package cli_test

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/harness/need"
)

// deadly returns the reference firmware with one verb of its table that leads
// nowhere: it jumps to address 0. No instruction is changed.
func deadly(t *testing.T, verb string) string {
	t.Helper()
	f, err := elf.NewFile(bytes.NewReader(firmware.ELF))
	if err != nil {
		t.Fatal(err)
	}
	symbols, err := f.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]elf.Symbol{}
	for _, s := range symbols {
		at[s.Name] = s
	}
	im, _, err := image.Parse(firmware.Image)
	if err != nil {
		t.Fatal(err)
	}
	want := binary.LittleEndian.AppendUint32(nil, uint32(at[verb].Value))
	table := at["verbs"]
	for i, s := range im.Segments {
		if off := uint32(table.Value) - s.Addr; uint32(table.Value) >= s.Addr && off < uint32(len(s.Data)) {
			data := bytes.Clone(s.Data)
			verbs := data[off : off+uint32(table.Size)]
			for j := 12; j < len(verbs); j += 16 {
				if bytes.Equal(verbs[j:j+4], want) {
					copy(verbs[j:], make([]byte, 4))
					im.Segments[i].Data = data
					p, err := im.Encode()
					if err != nil {
						t.Fatal(err)
					}
					return string(p)
				}
			}
		}
	}
	t.Fatalf("the firmware has no verb %s", verb)
	return ""
}

// source returns "core/control.c:N" for the line of the firmware's source that
// text stands in.
func sourceOf(t *testing.T, file, text string) string {
	t.Helper()
	p, err := os.ReadFile(source + "/../../boards/firmware/" + file)
	if err != nil {
		t.Fatal(err)
	}
	n := slices.IndexFunc(strings.Split(string(p), "\n"), func(l string) bool { return strings.Contains(l, text) })
	if n < 0 {
		t.Fatalf("%s does not hold %q", file, text)
	}
	return fmt.Sprintf("%s:%d", file, n+1)
}

// Firmware that crashes in the middle of the specs makes red the one that it
// crashed in, with what it said and where in its source that is; the others go
// on with a board that is alive.
func TestCrashInASpec(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	im, program := write(t, dir+"/deadly.bin", deadly(t, "probe_derive")), write(t, dir+"/my.elf", string(firmware.ELF))
	got := finish(t, espalier(t, dir, "run", "--server", "process", "--image", im, "--elf", program, "--only", "derives and seals device/seal/data-null|The sequence number"))
	call := "control_line (" + sourceOf(t, "core/control.c", "verbs[i].run(&c);") + ")"
	cause := "exception 20, jump to an address where no code is: 0x00000000"
	got.wants(t, 20, "FAIL", "CRASH", cause, call, "exit 20, firmware crash")
	d := reported(t, dir+"/out/report")
	crashed, passed := 0, 0
	for _, res := range d.Results {
		switch {
		case strings.HasPrefix(res.ID, "The device's own") && res.Class == "CRASH":
			crashed++
			if len(res.Crash) < 3 || res.Crash[0] != cause || !slices.ContainsFunc(res.Crash, func(s string) bool { return strings.HasPrefix(s, "a0 0x4010") && strings.HasSuffix(s, call) }) {
				t.Errorf("%q", res.Crash)
			}
		case res.Status == "pass":
			passed++
		default:
			t.Errorf("%+v", res)
		}
	}
	if crashed == 0 || passed == 0 {
		t.Errorf("%d crashed, %d passed", crashed, passed)
	}
	told := 0
	for _, c := range junit(t, dir+"/out/report") {
		if c.Failure != nil && c.Failure.Type == "CRASH" && strings.Contains(c.Failure.Text, call) && c.has("failure-class", "CRASH") && c.has("crash", cause) {
			told++
		}
	}
	if told != crashed {
		t.Errorf("junit.xml tells of %d crashes, report.json of %d", told, crashed)
	}
}

// mutant builds the firmware with a fault into dir, and returns the flags that
// run it.
func mutant(t *testing.T, dir, fault string) []string {
	t.Helper()
	need.Tool(t, "xtensa-lx106-elf-gcc")
	make := exec.CommandContext(t.Context(), need.Tool(t, "make"), "-s", "-C", source+"/../../boards/firmware", "mutant", "FAULT="+fault, "BUILD="+dir, "OUT="+dir+"/mutant.bin")
	if said, err := make.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return []string{"--image", "mutant.bin", "--elf", "chip-" + fault + "/espalier-ref.elf"}
}

// Firmware that crashes after it has answered, when the spec has all it wanted,
// turns that spec red all the same, and no other.
func TestCrashThatNoSpecNotices(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	flags := mutant(t, dir, "FAULT_LATE_CRASH")
	for name, only := range map[string]string{"the last spec": "device/seal/data-null,", "one of two": "device/seal/data-"} {
		out := strings.ReplaceAll(name, " ", "-")
		got := finish(t, espalier(t, dir, append([]string{"run", "--server", "process", "--only", only, "--seed", "1", "--out", out}, flags...)...))
		got.wants(t, 20, "exit 20, firmware crash", "fault_load ("+sourceOf(t, "core/faults.h", "(void)*p;")+")", "inlined into probe_seal ("+sourceOf(t, "core/probe.c", "fault_load(NULL);")+")")
		red := 0
		for _, res := range reported(t, dir+"/"+out).Results {
			if res.Status == "fail" {
				red++
			}
			if (res.Status == "fail") != strings.Contains(res.ID, "data-null,") || (res.Status == "fail") != (res.Class == "CRASH") || (res.Status == "fail") != (len(res.Crash) > 1) {
				t.Errorf("%s: %+v", name, res)
			}
		}
		if red != 1 {
			t.Errorf("%s: %d red", name, red)
		}
	}
}

// Mutants that crash are killed as what they are. One says where, down to the
// inlined call; of a watchdog's bite is said that there is no address.
func TestCrashingMutants(t *testing.T) {
	t.Parallel()
	for fault, says := range map[string][]string{
		"FAULT_NULL_LOAD": {
			"exception 28, load from an address where nothing is: 0x00000000",
			"fault_load (" + sourceOf(t, "core/faults.h", "(void)*p;") + ")",
			"inlined into send (" + sourceOf(t, "core/control.c", "fault_load(NULL);") + ")",
			"control_line (" + sourceOf(t, "core/control.c", "verbs[i].run(&c);") + ")",
		},
		"FAULT_WATCHDOG_LOOP": {"the board crashed: watchdog reset", "rst cause:4", "crash     watchdog reset: the program did not feed", "the chip keeps no address of it"},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			flags := mutant(t, dir, fault)
			got := finish(t, espalier(t, dir, append([]string{"run", "--server", "process", "--seed", "1", "--only", "A reading is what the device says|The sequence number"}, flags...)...))
			got.wants(t, 20, append(says, "FAIL", "exit 20, firmware crash")...)
			for _, res := range reported(t, dir+"/out/report").Results {
				if calls := callers(res.Crash); fault == "FAULT_NULL_LOAD" && res.Class == "CRASH" && calls != "control_line main start" {
					t.Errorf("called by %s: %q", calls, res.Crash)
				}
				died := strings.HasPrefix(res.ID, "A reading")
				if died != (res.Class == "CRASH") || died == (res.Status == "pass") {
					t.Errorf("%+v", res)
				}
			}
		})
	}
}

// callers returns the functions of the words of the stack that calls explain.
func callers(words []string) string {
	var names []string
	for _, line := range words {
		if f := strings.Fields(line); f[0] == "stack" {
			names = append(names, f[2])
		}
	}
	return strings.Join(names, " ")
}

// An ELF that is none, or another program's, is refused before anything runs.
func TestELFsThatDoNotFit(t *testing.T) {
	dir := t.TempDir()
	other := write(t, dir+"/other.bin", crashes)
	good := write(t, dir+"/good.elf", string(firmware.ELF))
	call(t, "", "run", "--elf", other).wants(t, 2, "--elf "+other, "not an ELF file")
	call(t, "", "flash", other, "--elf", good).wants(t, 2, "another program than the image")
	call(t, "", "monitor", "--elf", other).wants(t, 2, "--elf "+other, "not an ELF file")
	call(t, "", "run", "--elf", dir+"/none.elf").wants(t, 2, "no such file")
	call(t, "", "run", "--image", other, "--elf", good).wants(t, 2, "another program than the image", "loads 4 of them")
}

// Monitor says what a crash means while it shows it.
func TestMonitorDecodes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ elf, want string }{
		{"my.elf", "† epc1 0x40100000 "},
		{"", "† the ELF of the program would name functions and lines: --elf FILE"},
	} {
		dir := t.TempDir()
		write(t, dir+"/my.elf", string(firmware.ELF))
		args := []string{"monitor", "--reset", "--flash", "board.bin"}
		if tt.elf != "" {
			args = append(args, "--elf", tt.elf)
		}
		write(t, dir+"/crashes.bin", crashes)
		finish(t, espalier(t, dir, "flash", "--flash", "board.bin", "crashes.bin")).wants(t, 20, "† exception 0, illegal instruction, or a division by zero")
		got, _ := interrupt(t, tt.want, dir, args...)
		got.wants(t, 0, "Fatal exception (0)", "† exception 0, illegal instruction, or a division by zero")
	}
}
