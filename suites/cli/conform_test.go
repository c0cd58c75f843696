package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/server/servertest"
	"github.com/espalier-hil/espalier/suites/evidence"
)

// known starts a backend that knows the devices t1 and t2, whose passphrases are
// in the files k1 and k2 of dir. It is the reference server if fault is empty.
func known(t *testing.T, dir, fault string) (url string) {
	t.Helper()
	cfg := server.Config{Mode: server.Process}
	if fault != "" {
		t.Setenv("ESPALIER_FAULT", fault)
		cfg.Binary = server.Binary{Path: program(t, "github.com/espalier-hil/espalier/suites/mutants/backend")}
	}
	s := servertest.Start(t, cfg)
	for i, secret := range []string{passphrase, "another " + passphrase} {
		write(t, fmt.Sprintf("%s/k%d", dir, i+1), secret+"\n")
		if err := s.Provision(t.Context(), fmt.Sprintf("t%d", i+1), secret, 0); err != nil {
			t.Fatal(err)
		}
	}
	return s.URL() + "/data"
}

// both are the flags that name both devices.
var both = []string{"--device", "t1", "--passphrase-file", "k1", "--device", "t2", "--passphrase-file", "k2", "--disposable"}

// conformance runs the command in dir and returns what it left.
func conformance(t *testing.T, dir, url string, code int, args ...string) (said, *evidence.Document) {
	t.Helper()
	got := finish(t, espalier(t, dir, append([]string{"conform", "--url", url}, args...)...))
	got.wants(t, code)
	d, err := evidence.Read(filepath.Join(dir, "out/conform/report.json"))
	if err != nil {
		t.Fatal(err)
	}
	if wrong := d.Check(); len(wrong) > 0 || d.Code != report.Code(code) {
		t.Errorf("exit %d: %q", d.Code, wrong)
	}
	for where, text := range map[string]string{"stdout": got.out, "stderr": got.errs, "report.json": readFile(t, dir+"/out/conform/report.json"), "junit.xml": readFile(t, dir+"/out/conform/junit.xml"), "report.html": readFile(t, dir+"/out/conform/report.html")} {
		if strings.Contains(text, passphrase) {
			t.Errorf("%s holds the passphrase", where)
		}
	}
	return got, d
}

// The reference server conforms, seen from outside, with nothing but its URL.
func TestConformReference(t *testing.T) {
	dir := t.TempDir()
	got, d := conformance(t, dir, known(t, dir, ""), 0, append(both, "--profile", "secure")...)
	got.wants(t, 0, "secure   conformant", "exit 0, fine", "tests, the last ones, may lock a device out")
	if n := d.Counts[evidence.Pass]; n < 950 || len(d.Results) < 1100 {
		t.Errorf("%d of %d passed", n, len(d.Results))
	}
}

// A failure says what is required, what was sent and what came, what that points
// to, and how to see it again; each of its lines can be pasted.
func TestConformFailure(t *testing.T) {
	dir := t.TempDir()
	url := known(t, dir, "unpad-last-byte")
	got, d := conformance(t, dir, url, 1, append(both, "--profile", "strict", "--only", "^envelope/pad-x923$", "--seed", "7")...)
	got.wants(t, 1, "FAIL envelope/pad-x923", "requires  REQ-ENV-005", "dialect   cryptojs-unpad", "core     partial", "strict   nonconformant; broken: ENV-005")
	res := d.Results[len(d.Results)-1]
	html := readFile(t, dir+"/out/conform/report.html")
	for _, want := range []string{"nonconformant", "envelope/pad-x923", "cryptojs-unpad", "PKCS#7", "Device <code>t1</code>", "See it again", "openssl enc -d"} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if len(res.Shell) != 2 {
		t.Fatalf("%+v", res)
	}
	run := func(line string) said {
		t.Helper()
		sh := exec.CommandContext(t.Context(), "sh", "-c", line)
		sh.Dir = dir
		sh.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"))
		return finish(t, sh)
	}
	if err := os.Symlink(program(t, "github.com/espalier-hil/espalier"), dir+"/espalier"); err != nil {
		t.Fatal(err)
	}
	run(res.Repeat).wants(t, 1, "FAIL envelope/pad-x923", "seed 7") // it is another message, of another number
	run(res.Shell[0]).wants(t, 0, "200 OK", `{"status":"NOT OK"}`)  // it was accepted already
	if said := run(res.Shell[1]); !strings.Contains(said.errs, "bad decrypt") {
		t.Errorf("%+v", said) // openssl reads the padding
	}
}

// A failure that is expected is no red run, one that does not come is.
func TestConformExpected(t *testing.T) {
	dir := t.TempDir()
	url := known(t, dir, "unpad-last-byte")
	entry := "- {id: %s, reason: one byte is looked at, issue: README.md, expires: 2999-12-31, message: it was accepted}\n"
	write(t, dir+"/x.yaml", fmt.Sprintf(entry, "envelope/pad-x923"))
	args := append(both, "--profile", "strict", "--expected", "x.yaml")
	got, d := conformance(t, dir, url, 0, append(args, "--only", "^envelope/pad-x923$")...)
	got.wants(t, 0, "1 XFAIL", "strict   nonconformant; broken: ENV-005")
	if d.Counts[evidence.XFail] != 1 {
		t.Errorf("%v", d.Counts)
	}
	write(t, dir+"/y.yaml", fmt.Sprintf(entry, "envelope/known-answer"))
	got, _ = conformance(t, dir, url, 1, append(both, "--expected", "y.yaml", "--only", "^envelope/known-answer$")...)
	got.wants(t, 1, "XPASS envelope/known-answer")
	write(t, dir+"/z.yaml", "- {id: envelope/nothing-like-it}\n")
	finish(t, espalier(t, dir, append(append([]string{"conform", "--url", url}, both...), "--expected", "z.yaml")...)).wants(t, 2, "--expected z.yaml: ")
}

// What keeps a run from saying anything of a backend has exit codes of its own.
func TestConformStrangers(t *testing.T) {
	dir := t.TempDir()
	url := known(t, dir, "")
	write(t, dir+"/wrong", "nobody's passphrase")
	got, d := conformance(t, dir, url, 3, "--device", "t1", "--passphrase-file", "wrong")
	got.wants(t, 3, "Is the device known there, under this passphrase")
	if !strings.Contains(d.Stranger, "under this passphrase") {
		t.Errorf("the report says %q", d.Stranger)
	}
	got, d = conformance(t, dir, "http://127.0.0.1:1/data", 5, "--device", "t1", "--passphrase-file", "k1")
	if got.wants(t, 5, "nothing listens there"); !strings.Contains(d.Unreachable, "nothing listens there") {
		t.Errorf("the report says %q", d.Unreachable)
	}
	got, d = conformance(t, dir, url, 6, "--device", "t1", "--passphrase-file", "k1", "--only", "^sequence/two-devices$", "--only", "^payload/type-from-121/string$")
	got.wants(t, 6, "name another --device", "--disposable permits it")
	if d.Counts[evidence.NotRun] != 2 {
		t.Errorf("%v", d.Counts)
	}
}

// The flags that make no sense say so, before anything is sent.
func TestConformUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "k1", passphrase)
	for args, says := range map[string]string{
		"":                                    "--url is missing",
		"--url http://127.0.0.1:1":            "--device is missing",
		"--url http://127.0.0.1:1 --device a": "no passphrase",
		"--url ftp://x --device a --passphrase-file k1":                          "is no URL below which devices post",
		"--url http://x --device a --passphrase-file none":                       "--passphrase-file none: no such file",
		"--url http://x --device a --passphrase-file .":                          "--passphrase-file .: ",
		"--url http://x --device a --device a --passphrase-file k1":              "each is named once",
		"--url http://x --device a --passphrase-file k1 --passphrase-file k1":    "1 devices and 2 of --passphrase-file",
		"--url http://x --device a --passphrase-file k1 --next 1 --next 2":       "1 devices and 2 of --next",
		"--url http://x --device a --passphrase-file k1 --next 9007199254740991": "at most 2^53-2",
		"--url http://x --device a --passphrase-file k1 --passphrase x":          "leave one of them out",
		"--url http://x --device a --passphrase-file k1 --profile best":          `"best" is none of core, strict, secure`,
		"--url http://x --device a --passphrase-file k1 --only (":                "missing closing )",
		"--url http://x --device a --passphrase-file k1 --timeout 0s":            "--timeout must be more than 0",
		"--url http://x --device a --passphrase-file k1 --out k1":                "--out: ",
		"here": `takes flags and no arguments, and got "here"`,
	} {
		got := call(t, "", append([]string{"conform"}, strings.Fields(args)...)...)
		if got.wants(t, 2, says); strings.Count(got.errs, "\n") != 1 {
			t.Errorf("%s: want one line on stderr, got %s", args, got.errs)
		}
	}
	call(t, "", "conform", "--list", "--only", "nothing-like-it").wants(t, 3, "espalier conform --list shows all")
	call(t, "", "conform", "--list").wants(t, 0, "sequence/replay ", "--disposable: a backend that takes its number")
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	p, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(p)
}
