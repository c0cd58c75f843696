package port_test

import (
	"errors"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/espalier-hil/espalier/boards/rfc2217"
	"github.com/espalier-hil/espalier/harness/port"
)

// liar is a server that answers each command by what say makes of it, where nil
// is silence, and hangs up after a hello that ends so.
func liar(t *testing.T, hello string, say func(command rfc2217.Command, value []byte) []byte) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go lie(conn, hello, say)
		}
	}()
	return "rfc2217://" + l.Addr().String()
}

func lie(conn net.Conn, hello string, say func(rfc2217.Command, []byte) []byte) {
	defer conn.Close()
	hello, over := strings.CutSuffix(hello, hangUp)
	first := min(len(agree), len(hello)) // whose words come in a packet of their own
	for _, part := range []string{hello[:first], hello[first:]} {
		if _, err := io.WriteString(conn, part); err != nil {
			return
		}
	}
	if over {
		io.ReadAtLeast(conn, make([]byte, 512), 1) // or what was said is lost with the connection
		return
	}
	var decode rfc2217.Decoder
	buf := make([]byte, 512)
	for {
		n, err := conn.Read(buf)
		for p := buf[:n]; len(p) > 0; {
			var e rfc2217.Event
			if e, p, err = decode.Next(p); err != nil {
				return
			}
			command, value, ok := e.Command()
			if !ok || say == nil {
				continue
			}
			answer := say(command, value)
			if string(answer) == hangUp {
				return
			}
			if _, err := conn.Write(answer); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

const (
	agree  = "\xff\xfd\x2c" // DO COM-PORT-OPTION
	hangUp = "hang up"
)

// honest answers what was asked.
func honest(command rfc2217.Command, value []byte) []byte {
	return rfc2217.AppendCommand(nil, rfc2217.Answer+command, value...)
}

// but is honest, except about one command.
func but(about rfc2217.Command, answer string) func(rfc2217.Command, []byte) []byte {
	return func(command rfc2217.Command, value []byte) []byte {
		if command == about {
			return []byte(answer)
		}
		return honest(command, value)
	}
}

// A server that is none, or lies, is one clear error within bounded time.
func TestRemoteAgainstLiars(t *testing.T) {
	const line = "opened" // what is asked of a port that opens
	for name, tt := range map[string]struct {
		hello string
		say   func(rfc2217.Command, []byte) []byte
		want  error
		says  string
		open  bool // it opens, and fails when it is used
	}{
		"no telnet":             {"SSH-2.0-OpenSSH_9.2\r\n", nil, port.ErrServer, `says nothing of option 44 within 5s; it said "SSH-2.0-OpenSSH_9.2\r\n"`, false},
		"silence":               {"", nil, port.ErrServer, "says nothing of option 44", false},
		"without option 44":     {"\xff\xfe\x2clogin: ", nil, port.ErrServer, `without option 44, which carries speed and lines (RFC 2217); it said "login: "`, false},
		"garbage":               {"\x00\x01\xff\x02\x03", nil, port.ErrServer, "FF 02 is no command", false},
		"endless":               {"\xff\xfa\x2c" + strings.Repeat("x", 5000), nil, port.ErrServer, "does not end within 1024 bytes", false},
		"flood":                 {agree + strings.Repeat("flood", 1<<20), nil, port.ErrServer, "", false},
		"port in use":           {"Port already in use\r\n" + hangUp, nil, port.ErrBusy, `it said "Port already in use\r\n"`, false},
		"no answer to a speed":  {agree, but(rfc2217.SetBaud, ""), port.ErrServer, "no answer to SET-BAUDRATE within 5s", false},
		"another speed":         {agree, but(rfc2217.SetBaud, "\xff\xfa\x2c\x65\x00\x00\x25\x80\xff\xf0"), port.ErrNotSerial, "setting 74880 baud: the server answers 9600", false},
		"half a speed":          {agree, but(rfc2217.SetBaud, "\xff\xfa\x2c\x65\x00\x01\xff\xf0"), port.ErrNotSerial, "setting 74880 baud", false},
		"7 bits":                {agree, but(rfc2217.SetDataSize, "\xff\xfa\x2c\x66\x07\xff\xf0"), port.ErrNotSerial, "answers SET-DATASIZE 8 with 07", false},
		"closes in the middle":  {agree, but(rfc2217.SetParity, hangUp), nil, "the connection was dropped by the other end", false},
		"no answer to a line":   {agree, but(rfc2217.SetControl, ""), port.ErrLines, "setting DTR: no answer to SET-CONTROL within 5s; if the server moves its lines and does not say so, add ?ign_set_control to the URL", true},
		"the other line":        {agree, but(rfc2217.SetControl, "\xff\xfa\x2c\x69\x0b\xff\xf0"), port.ErrLines, "no answer to SET-CONTROL", true},
		"a line as it was":      {agree, but(rfc2217.SetControl, "\xff\xfa\x2c\x69\x09\xff\xf0"), port.ErrLines, "answers SET-CONTROL 8 with 9: it has not moved the line", true},
		"garbage for a line":    {agree, but(rfc2217.SetControl, "\xff\x05"), nil, "FF 05 is no command", true},
		"hangs up on a line":    {agree, but(rfc2217.SetControl, hangUp), nil, "the connection was dropped by the other end", true},
		"a pause without end":   {agree, but(rfc2217.SetControl, "\xff\xfa\x2c\x6c\xff\xf0"), port.ErrLines, "no answer", true},
		"answers beyond number": {agree, but(rfc2217.SetControl, strings.Repeat("\xff\xfa\x2c\x69\x0c\xff\xf0", 10_000)), port.ErrLines, "no answer", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := liar(t, tt.hello, tt.say)
			p, err := port.Open(url+"?timeout=5", port.Config{Baud: 74880})
			if tt.open {
				if err != nil {
					t.Fatalf("%s: %v", line, err)
				}
				defer p.Close()
				err = p.SetDTR(true)
			} else if p != nil {
				t.Errorf("it opens: %v", p)
			}
			if err == nil || tt.want != nil && !errors.Is(err, tt.want) || !strings.Contains(err.Error(), url) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("%v\nwant %v, of %s, that says %s", err, tt.want, url, tt.says)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: want one line", err)
			}
		})
	}
}

// A port without lines is still a port, and is not asked for them again.
func TestRemoteWithoutLines(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	url := liar(t, agree+"hello", func(command rfc2217.Command, value []byte) []byte {
		if command == rfc2217.SetControl {
			asked.Add(1)
			return nil
		}
		return honest(command, value)
	})
	p := remote(t, url+"?timeout=5")
	first := p.SetRTS(true)
	for range 5 {
		if err := errors.Join(p.SetDTR(true), p.(lines).SetLines(true, true)); !errors.Is(err, port.ErrLines) {
			t.Errorf("%v after %v", err, first)
		}
	}
	if err := p.SetBaud(9600); err != nil {
		t.Error(err)
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	buf := make([]byte, 5)
	if _, err := io.ReadFull(p, buf); err != nil || string(buf) != "hello" {
		t.Errorf("%q, %v", buf, err)
	}

	p = remote(t, url+"?timeout=5&ign_set_control")
	if err := errors.Join(p.SetDTR(true), p.SetRTS(false), p.(lines).SetLines(true, true)); err != nil {
		t.Errorf("when told not to wait: %v", err)
	}
}

// A pause that the server asks for holds writes up; one that does not end is
// the end of the port.
func TestRemotePauses(t *testing.T) {
	t.Parallel()
	const pause, on = "\xff\xfa\x2c\x6c\xff\xf0", "\xff\xfa\x2c\x6d\xff\xf0"
	p := remote(t, liar(t, agree+pause+on, honest))
	if _, err := p.Write([]byte("x")); err != nil {
		t.Errorf("a pause that is over: %v", err)
	}
	p = remote(t, liar(t, agree+pause, honest)+"?timeout=4")
	if _, err := p.Write([]byte("x")); !errors.Is(err, port.ErrServer) || !strings.Contains(err.Error(), "asked for a pause, and not ended it within 20s") {
		t.Errorf("a pause without end: %v", err)
	}
}

func TestRemoteNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := l.Addr().String()
	l.Close()
	for url, says := range map[string]string{
		"rfc2217://" + free:           "nothing listens there",
		"rfc2217://nobody.invalid:23": "is the host's name right?",
	} {
		p, err := port.Open(url, port.Config{Baud: 74880})
		if p != nil || !errors.Is(err, port.ErrAbsent) || !strings.Contains(err.Error(), url) || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, %v; want %v that says %s", p, err, port.ErrAbsent, says)
		}
	}
}
