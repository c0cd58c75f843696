package cli_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
)

// speaks is how many specs the hobbyist's firmware has the words for.
const speaks = 41

// Firmware that speaks no control protocol is held to what it has words for. The
// rest is not run, is named with the reason, and leaves the run partial.
func TestRunSomebodyElsesFirmware(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	listed := finish(t, espalier(t, dir, "run", "--board", "hobbyist", "--list"))
	listed.wants(t, 0)
	all := strings.Count(listed.out, "\n")
	got := finish(t, espalier(t, dir, "run", "--board", "hobbyist", "--server", "process", "--seed", "7"))
	got.wants(t, 6, fmt.Sprintf("PARTIAL %d of %d specs passed, %d not run", speaks, all, all-speaks), "exit 6, partial", "greenhouse node 1.3", "not attested",
		"– 40 not run: the firmware of board hobbyist has no verb derive, seal",
		"– 2 not run: the firmware of board hobbyist has no verb provision")
	d := reported(t, dir+"/out/report")
	ran, left := map[string]int{}, 0
	for _, res := range d.Results {
		switch res.Status {
		case "pass":
			for _, id := range res.Requirements {
				ran[id]++
			}
		case "skip":
			if left++; !strings.HasPrefix(res.Message, "the firmware of board hobbyist has no verb ") {
				t.Errorf("%s was not run: %q", res.ID, res.Message)
			}
		default:
			t.Errorf("%+v", res)
		}
	}
	if len(d.Results) != all || left != all-speaks || d.Code != 6 || d.Grade != "virtual" {
		t.Errorf("%d of %d were not run, and %d are listed; code %d, grade %s", left, len(d.Results), all, d.Code, d.Grade)
	}
	// Boot, salts, numbers that rise, envelopes that open, data as it was said.
	for _, id := range []string{"REQ-BOOT-001", "REQ-DEV-001", "REQ-DEV-002", "REQ-DEV-003", "REQ-DEV-004", "REQ-DEV-006", "REQ-DEV-008", "REQ-ENV-001", "REQ-SEQ-002", "REQ-SEQ-009"} {
		if ran[id] == 0 {
			t.Errorf("nothing was run of %s", id)
		}
	}
	for _, id := range []string{"REQ-DEV-005", "REQ-DEV-007", "REQ-DEV-010", "REQ-KDF-001"} {
		if ran[id] > 0 {
			t.Errorf("%s is claimed, and this firmware cannot show it", id)
		}
	}
}

// A board of one's own is a descriptor, an image, and a file with the passphrase;
// with another passphrase than the one compiled in everything is refused.
func TestRunOwnBoard(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, err := os.ReadFile("../../boards/hobbyist.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const compiled = "2B7E151628AED2A6ABF7158809CF4F3C"
	text := strings.NewReplacer("    passphrase: "+compiled+"\n", "", "firmware: hobbyist\n", "", "name: hobbyist", "name: mine").Replace(string(p))
	for name, content := range map[string]string{
		"mine.yaml": text, "mine.bin": string(firmware.Hobbyist), "key": compiled + "\n", "wrong": "another\n",
		"broken.yaml": strings.Replace(text, "(?P<seqn>", "(?P<number>", 1),
	} {
		if err := os.WriteFile(dir+"/"+name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := func(board string, args ...string) said {
		return finish(t, espalier(t, dir, append([]string{"run", "--server", "process", "--board", board, "--only", "A reading of the everyday kind"}, args...)...))
	}
	run("mine.yaml", "--image", "mine.bin", "--passphrase-file", "key").wants(t, 0, "1 of 1 specs passed", "board mine")
	run("mine.yaml", "--image", "mine.bin", "--passphrase-file", "wrong").wants(t, 1, "exit 1, nonconformant")
	run("mine.yaml", "--image", "mine.bin").wants(t, 2, "has its passphrase compiled in", "--passphrase-file")
	run("mine.yaml", "--passphrase-file", "key").wants(t, 2, "board mine speaks a language of its own", "name the image")
	run("hobbyist", "--device", "12FA").wants(t, 2, "has its id compiled in, greenhouse")
	run("broken.yaml", "--image", "mine.bin").wants(t, 2, "broken.yaml", "speech.reading.begins: the pattern has no group (?P<seqn>", "line ")
}

// A node that does nothing but send when a key is pressed is held to less, and
// nothing is held against it: each spec says what it needs.
func TestRunTaciturnFirmware(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p, err := os.ReadFile("../../boards/hobbyist.yaml")
	if err != nil {
		t.Fatal(err)
	}
	text := string(p)
	for _, line := range []string{"    restart: {type: \"r\"}\n", "    again: 'no answer \\.\\.\\. '\n", "    unknown: 'no answer, giving up$'\n"} {
		if !strings.Contains(text, line) {
			t.Fatalf("%q is not in the descriptor", line)
		}
		text = strings.Replace(text, line, "", 1)
	}
	if err := os.WriteFile(dir+"/taciturn.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got := finish(t, espalier(t, dir, "run", "--board", "taciturn.yaml", "--server", "process", "--seed", "7"))
	// One spec restarts it, and eleven ask how often it has tried, or whether in vain.
	got.wants(t, 6, "has no verb restart", "has no verb attempts, unknown", fmt.Sprintf("%d of ", speaks-12))
	for _, res := range reported(t, dir+"/out/report").Results {
		if res.Status == "fail" {
			t.Errorf("%+v", res)
		}
	}
}

// The image of another firmware than the descriptor speaks to never says that it
// is ready.
func TestRunSilentForeigner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/ref.bin", firmware.Image, 0o600); err != nil {
		t.Fatal(err)
	}
	finish(t, espalier(t, dir, "run", "--board", "hobbyist", "--image", "ref.bin", "--server", "process")).wants(t, 13,
		"expected a line like", "greenhouse node", "did not come within 5s")
}

func TestFlashSomebodyElsesFirmware(t *testing.T) {
	t.Chdir(t.TempDir())
	call(t, "", "flash", "--board", "hobbyist").wants(t, 0, "greenhouse node 1.3; not attested: it has no verb for that")
}
