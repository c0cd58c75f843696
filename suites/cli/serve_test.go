package cli_test

import (
	"bufio"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// serveBoard starts a virtual board that is served, and returns its URL.
func serveBoard(t *testing.T, dir string, args ...string) (url string, cmd *exec.Cmd, out *talk) {
	t.Helper()
	cmd = espalier(t, dir, append([]string{"virtual", "--listen", "rfc2217://127.0.0.1:0"}, args...)...)
	out = follow(t, cmd)
	line := out.await("ready on")
	found := ready.FindStringSubmatch(line)
	if found == nil || !strings.HasPrefix(found[1], "rfc2217://127.0.0.1:") || out.heard.String() != line {
		t.Fatalf("the board said %q", out.heard.String())
	}
	return found[1], cmd, out
}

// A board that is served says so in one line, and ends when it is asked to.
func TestServeEnds(t *testing.T) {
	t.Parallel()
	got, took := interrupt(t, "ready on rfc2217://127.0.0.1:", t.TempDir(), "virtual", "--listen", "rfc2217://127.0.0.1:0")
	got.wants(t, 0)
	if took > soon || strings.Count(got.out, "\n") != 1 {
		t.Errorf("took %v to end and said\n%s", took, got.out)
	}
}

// A board that halts tells whoever listens what it has said last.
func TestServeHalts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir+"/halts.bin", halts)
	url, cmd, out := serveBoard(t, dir, "--loader", "--image", "halts.bin")
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "rfc2217://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	pulse := func() {
		t.Helper()
		reset := "\xff\xfb\x2c" + "\xff\xfa\x2c\x05\x0b\xff\xf0" + "\xff\xfa\x2c\x05\x0c\xff\xf0" // COM-PORT-OPTION, RTS on, RTS off
		if _, err := io.WriteString(conn, reset); err != nil {
			t.Fatal(err)
		}
	}
	pulse()
	r := bufio.NewReader(conn)
	text := ""
	for !strings.Contains(text, "boot mode:(") {
		line, err := r.ReadString('\n')
		if text += line; err != nil {
			t.Fatalf("%v after %q", err, text)
		}
	}
	if strings.Contains(text, "boot mode:(1,6)") { // from when its power came, before the pulse or after
		pulse()
	}
	rest, err := io.ReadAll(r)
	if text += string(rest); err != nil || !strings.Contains(text, "boot mode:(3,6)") {
		t.Fatalf("%q, %v", text, err)
	}
	if _, err := io.Copy(io.Discard, out.r); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its exit code says all
	said{cmd.ProcessState.ExitCode(), out.heard.String(), out.errs.String()}.wants(t, 20, "40001234")
}

func TestServeWhereItCannot(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	for url, tt := range map[string]struct {
		code int
		says string
	}{
		"rfc2217://" + l.Addr().String():  {11, "address already in use"},
		"rfc2217://nobody.invalid:4000":   {11, "nobody.invalid"},
		"rfc2217://192.0.2.1:4000":        {11, "192.0.2.1:4000"}, // of no machine (RFC 5737)
		"4000":                            {2, `"4000" is not like rfc2217://127.0.0.1:4000`},
		"tcp://127.0.0.1:4000":            {2, "is not like"},
		"rfc2217://127.0.0.1:4000?speed=": {2, "option speed is unknown"},
	} {
		got := call(t, "", "virtual", "--flash", dir+"/board.bin", "--listen", url)
		got.wants(t, tt.code, tt.says)
		if strings.Count(got.errs, "\n") != 1 || got.out != "" {
			t.Errorf("%s: want one line on stderr\nstdout:\n%s\nstderr:\n%s", url, got.out, got.errs)
		}
	}
}
