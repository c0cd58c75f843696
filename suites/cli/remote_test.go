package cli_test

import (
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/need"
	"github.com/espalier-hil/espalier/harness/port/porttest"
)

// away returns the URL of a board on the other side of a network on which every
// byte takes delay, each way.
func away(t *testing.T, url string, delay time.Duration) (string, *porttest.Proxy) {
	t.Helper()
	network, err := porttest.NewProxy(strings.TrimPrefix(url, "rfc2217://"), delay)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { network.Close() })
	return "rfc2217://" + network.Addr(), network
}

// The whole run passes at the end of a slow network, over link serial, and its
// evidence is that of a virtual board.
func TestRunFromAfar(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	url, _, _ := serveBoard(t, dir)
	url, _ = away(t, url, 50*time.Millisecond)
	got := finish(t, espalier(t, dir, "run", "--server", "process", "--port", url))
	got.wants(t, 0, "virtual by its MAC, ", " ms away and back", "link    serial", "evidence: virtual · exit 0, fine")
	if d := reported(t, dir+"/out/report"); d.Code != 0 || len(d.Results) < 70 {
		t.Errorf("the report says %d, with %d results", d.Code, len(d.Results))
	}
	t.Log(got.out[max(0, strings.LastIndex(got.out, "PASS")):])
}

// Who says that the board is a virtual one has it reach the backend by itself.
func TestRunServedBoardByItsLink(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	url, _, _ := serveBoard(t, dir)
	finish(t, espalier(t, dir, "run", "--server", "process", "--port", url, "--board", "virtual", "--labels", "REQ-SEQ-001")).
		wants(t, 0, "link    virtual", "evidence: virtual · exit 0")
	finish(t, espalier(t, dir, "run", "--server", "process", "--port", url, "--board", "virtual", "--only", "On a network that fails")).
		wants(t, 0, "2 of 3 specs passed, 1 not run", "nobody can refuse it a connection and know", "faults injected: half-open")
}

// Flashing and watching, one after the other: the board is as it was left.
func TestFlashServedBoard(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	url, _, _ := serveBoard(t, dir)
	for range 2 {
		finish(t, espalier(t, dir, "flash", "--port", url)).wants(t, 0, "in flash attested")
	}
	got, _ := interrupt(t, `{ {"hello":{`, dir, "monitor", "--port", url, "--reset")
	got.wants(t, 0, "↻  ets Jan  8 2013,rst cause:2, boot mode:(3,6)", `"boots":4`) // power, twice after flashing, and this one
}

// A connection that drops while the board is flashed is the port's failure.
func TestConnectionDrops(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	url, _, _ := serveBoard(t, dir)
	for _, tt := range []struct {
		after string
		args  []string
	}{
		{"board   ESP8266EX", []string{"flash"}},
		{"ready   ", []string{"run", "--server", "process"}},
		{`{ {"hello":{`, []string{"monitor", "--reset"}},
	} {
		far, network := away(t, url, 20*time.Millisecond)
		cmd := espalier(t, dir, append(tt.args, "--port", far)...)
		out := follow(t, cmd)
		out.await(tt.after)
		network.Cut()
		_, _ = io.Copy(io.Discard, out.r)
		cmd.Wait() // its exit code says all
		said{cmd.ProcessState.ExitCode(), out.heard.String(), out.errs.String()}.wants(t, 11, far+": the connection was dropped by the other end")
	}
}

// Nobody there, and somebody who does not speak the protocol.
func TestServersThatAreNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			io.WriteString(conn, "SSH-2.0-OpenSSH_9.2\r\n")
			defer conn.Close()
		}
	}()
	for url, says := range map[string]string{
		"rfc2217://127.0.0.1:1":                           "nothing listens there",
		"rfc2217://nobody.invalid:4000":                   "is the host's name right?",
		"rfc2217://here":                                  "is not like rfc2217://127.0.0.1:4000",
		"rfc2217://127.0.0.1:4000?speed=fast":             "option speed is unknown",
		"rfc2217://" + l.Addr().String() + "?timeout=0.2": "no RFC 2217 server",
	} {
		for _, command := range []string{"monitor", "flash"} {
			got := call(t, "", command, "--port", url)
			got.wants(t, 11, says)
			if strings.Count(got.errs, "\n") != 1 {
				t.Errorf("%s --port %s: want one line\n%s", command, url, got.errs)
			}
		}
		call(t, "", "run", "--server", "process", "--port", url, "--out", dir+"/out").wants(t, 11, says)
	}
}

// ser2net gives a board's terminal away. It carries the speed, and never says
// that it has moved a line, which a terminal does not have.
func TestSer2net(t *testing.T) {
	t.Parallel()
	ser2net := need.Tool(t, "ser2net")
	dir := t.TempDir()
	terminal, button := press(t, dir)
	addr := unused(t)
	cmd := exec.CommandContext(t.Context(), ser2net, "-n", "-u", "-P", dir+"/pid",
		"-Y", "connection: &board",
		"-Y", "  accepter: telnet(rfc2217),tcp,"+strings.ReplaceAll(addr, ":", ","),
		"-Y", "  connector: serialdev,"+terminal+",74880n81,local")
	var log strings.Builder
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	for began := time.Now(); ; time.Sleep(10 * time.Millisecond) { // until the address is taken
		l, err := net.Listen("tcp", addr)
		if err != nil {
			break
		}
		l.Close()
		if time.Since(began) > 20*time.Second {
			t.Fatalf("ser2net does not listen on %s: %s", addr, log.String())
		}
	}
	url := "rfc2217://" + addr

	finish(t, espalier(t, dir, "flash", "--port", url+"?timeout=2")).
		wants(t, 11, "no modem lines", "no answer to SET-CONTROL within 2s", "ign_set_control", "--board esp-01")

	flash := espalier(t, dir, "flash", "--port", url, "--board", "esp-01")
	out := follow(t, flash)
	out.await("hold GPIO0 low and switch the board off and on")
	button("l")
	out.await("let GPIO0 go and switch the board off and on")
	button("")
	out.await("in flash attested")
	if err := flash.Wait(); err != nil {
		t.Error(err)
	}
}

// unused returns an address that nobody listens on.
func unused(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
