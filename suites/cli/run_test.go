package cli_test

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/timeline"
)

const passphrase = "a passphrase that nobody else would choose"

// One run of everything: every result says what it is evidence of, and nothing
// that the run leaves behind holds the passphrase.
func TestRun(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := espalier(t, dir, "run", "--server", "process", "--seed", "7", "--cuts", "some")
	cmd.Env = append(os.Environ(), "ESPALIER_PASSPHRASE="+passphrase)
	got := finish(t, cmd)
	got.wants(t, 0, "PASS", "evidence: virtual", "server   process", "exit 0, fine", "out/report/report.html, report.json, junit.xml, timeline.jsonl")

	d := reported(t, dir+"/out/report")
	if d.Code != 0 || d.Grade != "virtual" || d.Server.Mode != "process" || d.Seed != "7" || !strings.HasPrefix(d.Board.MAC, "7a:e5:82:") {
		t.Errorf("the report says %+v", d)
	}
	if len(d.Results) < 70 {
		t.Errorf("%d results", len(d.Results))
	}
	for _, res := range d.Results {
		if res.Status != "pass" || res.Grade != "virtual" || len(res.Requirements) == 0 {
			t.Errorf("%+v", res)
		}
	}
	if first, next := d.measured(t, "first SEQN"), d.measured(t, "next SEQN"); first != 0 || next < 200 {
		t.Errorf("SEQN went from %v to %v", first, next)
	}
	free(t, dir, got)
	all := heard(t, dir)
	lanes := map[timeline.Lane]int{}
	for _, e := range all {
		lanes[e.Lane]++
	}
	for _, lane := range timeline.Lanes {
		if lanes[lane] < 10 {
			t.Errorf("%d events on lane %s", lanes[lane], lane)
		}
	}
	for _, res := range d.Results {
		if h := res.Heard; h == nil || h.First < 1 || h.Last > len(all) || !strings.HasSuffix(all[h.First-1].Text, res.ID) && all[h.First-1].Lane == timeline.Spec {
			t.Errorf("%s was heard in lines %+v of %d", res.ID, h, len(all))
		}
	}
}

// heard returns the timeline that a run has left.
func heard(t *testing.T, dir string) []timeline.Event {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "out/report/timeline.jsonl"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a run that did not come to its specs has none
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := timeline.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// free checks that neither the folder nor what was said holds the passphrase.
func free(t *testing.T, dir string, got said) {
	t.Helper()
	texts := map[string]string{"stdout": got.out, "stderr": got.errs}
	for _, name := range []string{"report.json", "junit.xml", "report.html"} {
		p, err := os.ReadFile(filepath.Join(dir, "out/report", name))
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(p)
	}
	for i, e := range heard(t, dir) {
		texts[fmt.Sprintf("event %d of the timeline", i)] = e.Text + string(e.Raw)
	}
	p := []byte(passphrase)
	for where, text := range texts {
		for how, secret := range map[string]string{
			"plain": passphrase, "hex": hex.EncodeToString(p), "HEX": strings.ToUpper(hex.EncodeToString(p)),
			"base64": base64.StdEncoding.EncodeToString(p), "raw base64": base64.RawStdEncoding.EncodeToString(p),
		} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds the passphrase in %s", where, how)
			}
		}
	}
}

// What a faulty backend does is the backend's failure, with a command that
// shows it again, and the passphrase stays out of all that is told about it.
func TestRunAgainstFaultyBackend(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	backend := program(t, "github.com/espalier-hil/espalier/suites/mutants/backend")
	run := func(args ...string) said {
		cmd := espalier(t, dir, append([]string{"run", "--passphrase", passphrase}, args...)...)
		cmd.Env = append(os.Environ(), "ESPALIER_FAULT=off-by-one")
		return finish(t, cmd)
	}
	got := run("--server", "process", "--server-program", backend, "--labels", "REQ-SEQ-001")
	got.wants(t, 1, "FAIL", "A replayed envelope is refused at once", "exit 1, nonconformant")
	free(t, dir, got)

	for _, res := range reported(t, dir+"/out/report").Results {
		if res.ID != "A replayed envelope is refused at once" {
			continue
		}
		if res.Status != "fail" || res.Class != "NONCONFORMANT" {
			t.Errorf("%+v", res)
		}
		// The command goes through a shell, as pasted.
		sh := exec.CommandContext(t.Context(), "sh", "-c", res.Repeat)
		sh.Dir = dir
		if err := os.Symlink(program(t, "github.com/espalier-hil/espalier"), dir+"/espalier"); err != nil {
			t.Fatal(err)
		}
		sh.Env = append(os.Environ(), "ESPALIER_FAULT=off-by-one", "PATH="+dir+":"+os.Getenv("PATH"))
		finish(t, sh).wants(t, 1, "0 of 1 specs passed")
		again := reported(t, dir+"/out/report")
		if len(again.Results) != 1 || again.Results[0].ID != res.ID || again.Results[0].Status != "fail" {
			t.Errorf("%s\nran %+v", res.Repeat, again.Results)
		}
		return
	}
	t.Error("the spec did not run")
}

// The flash file is the board's memory: SEQN goes on rising from run to run.
func TestRunTwiceOnOneFlash(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var next float64
	for i := range 2 {
		got := finish(t, espalier(t, dir, "run", "--server", "process", "--flash", "it's my board.bin", "--only", "The sequence number"))
		got.wants(t, 0, "exit 0, fine")
		d := reported(t, dir+"/out/report")
		if len(d.Results) == 0 || !strings.Contains(d.Repeat, `'it'\''s my board.bin'`) {
			t.Errorf("%d results, repeat %s", len(d.Results), d.Repeat)
		}
		first := d.measured(t, "first SEQN")
		if first != next {
			t.Errorf("run %d begins at SEQN %v, and the one before ended at %v", i+1, first, next)
		}
		if next = d.measured(t, "next SEQN"); next <= first {
			t.Errorf("run %d went from SEQN %v to %v", i+1, first, next)
		}
	}
}

func TestRunSelectsByLabel(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	listed := finish(t, espalier(t, dir, "run", "--list", "--labels", "REQ-SEQ-004 || REQ-HTTP-001"))
	listed.wants(t, 0)
	finish(t, espalier(t, dir, "run", "--server", "process", "--labels", "REQ-SEQ-004 || REQ-HTTP-001")).wants(t, 0)
	d := reported(t, dir+"/out/report")
	if n := strings.Count(listed.out, "\n"); n == 0 || n != len(d.Results) {
		t.Errorf("%d specs are listed, and %d ran", n, len(d.Results))
	}
	cited := regexp.MustCompile(`REQ-SEQ-004|REQ-HTTP-001`)
	for _, res := range d.Results {
		if !strings.Contains(listed.out, res.ID+"\n") || !cited.MatchString(strings.Join(res.Requirements, " ")) {
			t.Errorf("%q ran", res.ID)
		}
	}
}

// What takes a server of our own is not run against another's, and the run is
// partial for it; nobody is blamed.
func TestRunAgainstServerThatRunsAlready(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const token = "ESPALIER_ADMIN_TOKEN=some token"
	ready := serve(t, dir, "other:"+passphrase+":0", token)
	cmd := espalier(t, dir, "run", "--server", ready.URL(), "--admin-url", "http://"+ready.Admin, "--only", "A replayed envelope")
	cmd.Env = append(os.Environ(), token)
	finish(t, cmd).wants(t, 6, "exit 6, partial")
	skipped := 0
	for _, res := range reported(t, dir+"/out/report").Results {
		switch {
		case res.Status == "skip" && strings.Contains(res.Message, "cannot be restarted from here"):
			skipped++
		case res.Status != "pass":
			t.Errorf("%+v", res)
		}
	}
	if skipped != 2 {
		t.Errorf("%d specs were not run", skipped)
	}

	cmd = espalier(t, dir, "run", "--server", ready.URL(), "--admin-url", "http://"+ready.Admin)
	cmd.Env = append(os.Environ(), "ESPALIER_ADMIN_TOKEN=another token")
	finish(t, cmd).wants(t, 21, "the admin token is missing or wrong")
}

// The backend by itself is held to a profile, too, if one is named.
func TestRunWithProfile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	backend := program(t, "github.com/espalier-hil/espalier/suites/mutants/backend")
	cmd := espalier(t, dir, "run", "--server", "process", "--server-program", backend, "--profile", "core", "--labels", "REQ-SEQ-006", "--seed", "7")
	cmd.Env = append(os.Environ(), "ESPALIER_FAULT=quoted-seqn")
	finish(t, cmd).wants(t, 1, "The backend by itself holds REQ-SEQ-006", "payload/type-from-121/string", "--profile core", "exit 1, nonconformant")
}
