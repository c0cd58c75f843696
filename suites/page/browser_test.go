package page_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/leash"
	"github.com/espalier-hil/espalier/harness/need"
)

// browser is a Chromium without a window, spoken to by its debugging protocol
// over a pipe: JSON texts, each ended by NUL.
type browser struct {
	t       *testing.T
	in      *os.File
	pipe    *os.File
	out     *bufio.Reader
	session string
	id      int
	loaded  bool     // the page is there
	said    []string // what the page had to complain about
	asked   []string // what it wanted to have
}

// message is what goes over the pipe, either way.
type message struct {
	ID        int             `json:"id,omitempty"`
	Method    string          `json:"method,omitempty"`
	Params    any             `json:"params,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Result    json.RawMessage `json:"result,omitempty"`
	Error     *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// patience is how long a browser may be silent that has something to do.
const patience = time.Minute

// open starts a browser. It ends with the test.
func open(t *testing.T) *browser {
	t.Helper()
	path := need.Tool(t, "chromium")
	theirs, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-extensions",
		"--disable-background-networking", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{theirs, theirOut} // it reads from 3 and writes to 4
	ended := make(chan struct{})
	if err := leash.Start(cmd, func() { _ = cmd.Wait(); close(ended) }); err != nil {
		t.Fatal(err)
	}
	theirs.Close()
	theirOut.Close()
	b := &browser{t: t, in: in, pipe: out, out: bufio.NewReader(out)}
	t.Cleanup(func() {
		b.session = ""
		b.call("Browser.close", nil, nil)
		<-ended
		in.Close()
		out.Close()
	})
	var target struct{ TargetID, SessionID string }
	b.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	b.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &target)
	b.session = target.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil, nil)
	}
	return b
}

// call asks the browser for something and waits for the answer.
func (b *browser) call(method string, params, result any) {
	b.t.Helper()
	b.id++
	p, err := json.Marshal(message{ID: b.id, Method: method, Params: params, SessionID: b.session})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.in.Write(append(p, 0)); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	for want := b.id; ; {
		m := b.next()
		switch {
		case m.ID != want:
		case m.Error != nil:
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		case result == nil:
			return
		default:
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatalf("%s: %v", method, err)
			}
			return
		}
	}
}

// next reads a message, and notes what it says of the page.
func (b *browser) next() (m message) {
	b.t.Helper()
	err := b.pipe.SetReadDeadline(time.Now().Add(patience))
	var p []byte
	if err == nil {
		p, err = b.out.ReadBytes(0)
	}
	if err == nil {
		err = json.Unmarshal(p[:len(p)-1], &m)
	}
	if err != nil {
		b.t.Fatal(errors.Join(errors.New("the browser says nothing more"), err))
	}
	params, _ := m.Params.(map[string]any)
	switch m.Method {
	case "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown":
		b.said = append(b.said, fmt.Sprint(params))
	case "Page.loadEventFired":
		b.loaded = true
	case "Network.requestWillBeSent":
		request, _ := params["request"].(map[string]any)
		b.asked = append(b.asked, fmt.Sprint(request["url"]))
	}
	return m
}

// look is how somebody looks at a page.
type look struct {
	width, height int
	dark, paper   bool
}

func (l look) String() string {
	name := fmt.Sprintf("%d", l.width)
	if l.dark {
		name += "-dark"
	}
	if l.paper {
		name += "-paper"
	}
	return name
}

// show opens a file, and waits until it is there.
func (b *browser) show(path string, l look) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": l.width, "height": l.height, "deviceScaleFactor": 1, "mobile": l.width < 700}, nil)
	scheme, media := "light", "screen"
	if l.dark {
		scheme = "dark"
	}
	if l.paper {
		media = "print"
	}
	b.call("Emulation.setEmulatedMedia", map[string]any{"media": media, "features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
	path, err := filepath.Abs(path)
	if err != nil {
		b.t.Fatal(err)
	}
	b.loaded = false
	b.call("Page.navigate", map[string]any{"url": "file://" + path}, nil)
	for !b.loaded {
		b.next()
	}
}

// eval runs a script in the page, from outside, where the page's own policy says
// nothing.
func (b *browser) eval(script string, result any) {
	b.t.Helper()
	var got struct {
		Result struct {
			Value json.RawMessage
		}
		ExceptionDetails any
	}
	b.call("Runtime.evaluate", map[string]any{"expression": script, "returnByValue": true}, &got)
	if got.ExceptionDetails != nil {
		b.t.Fatalf("%v", got.ExceptionDetails)
	}
	if result == nil {
		return
	}
	if err := json.Unmarshal(got.Result.Value, result); err != nil {
		b.t.Fatal(err)
	}
}

// picture returns what is seen, as a PNG.
func (b *browser) picture() []byte {
	b.t.Helper()
	var got struct{ Data []byte }
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &got)
	return got.Data
}
