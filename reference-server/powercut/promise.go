package powercut

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// Promise is what a reply says that must hold from the moment that it leaves,
// whatever becomes of the power.
type Promise struct {
	Step   int // at which the reply began to leave
	Kind   Kind
	Device string
	N      uint64
	Data   string // of a Stored
}

// Kind is what is promised.
type Kind string

// What a server can promise.
const (
	Stored Kind = "stored" // OK: number N is stored, once, with Data, and next is above it
	Passed Kind = "passed" // NOT OK to a sound message: next is above N, or the device would take N for lost
	Next   Kind = "next"   // resync, or state: next is at least N
)

// String returns the promise as it stands in errors, without its data.
func (p Promise) String() string {
	return fmt.Sprintf("%s %d of device %s, said at step %d", p.Kind, p.N, p.Device, p.Step)
}

// listener reads what goes over one connection.
type listener struct {
	asked []byte
}

// Promises returns what the server said in the steps, in order. passphrases are
// those of the devices.
func Promises(steps []Step, passphrases map[string]string) ([]Promise, error) {
	connections := map[string]*listener{}
	var all []Promise
	for i, s := range steps {
		if len(s.Args) < 2 || !strings.HasPrefix(s.Args[0], "TCP") {
			continue
		}
		at := connections[s.Args[0]]
		if at == nil {
			at = new(listener)
			connections[s.Args[0]] = at
		}
		switch {
		case s.Name == "read" && s.End && s.Ret > 0:
			at.asked = append(at.asked, s.Args[1]...)
		case s.Name == "write" && !s.End:
			found, err := at.reply(s.Args[1], passphrases)
			if err != nil {
				return nil, fmt.Errorf("%w: step %d: %w", ErrTrace, i, err)
			}
			for _, p := range found {
				p.Step = i
				all = append(all, p)
			}
		case s.Name != "read" && s.Name != "write":
			return nil, fmt.Errorf("%w: step %d: %s on a connection", ErrTrace, i, s.Name)
		}
	}
	return all, nil
}

// reply takes in a reply, with the request that it answers.
func (l *listener) reply(text string, passphrases map[string]string) ([]Promise, error) {
	rest := bytes.NewReader(l.asked)
	in := bufio.NewReader(rest)
	request, err := http.ReadRequest(in)
	if err != nil {
		return nil, nil // 400: there was no whole request, and nothing is promised
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, nil
	}
	left, _ := io.ReadAll(in)
	l.asked = left
	response, err := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), request)
	if err != nil {
		return nil, fmt.Errorf("a write to a client that does not begin a reply: %w", err)
	}
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("a reply in more than one write: %w", err)
	}
	path := strings.Split(strings.TrimPrefix(request.URL.Path, "/"), "/")
	if len(path) < 2 || response.StatusCode/100 != 2 {
		return nil, nil
	}
	id, err := url.PathUnescape(path[1])
	if err != nil {
		return nil, err
	}
	switch path[0] {
	case "data":
		return messagePromise(id, passphrases[id], body, answer), nil
	case "sqn":
		return nextPromise(id, passphrases[id], answer)
	case "devices":
		var state struct{ Next uint64 }
		if err := json.Unmarshal(answer, &state); err != nil {
			return nil, err
		}
		return []Promise{{Kind: Next, Device: id, N: state.Next}}, nil
	}
	return nil, nil
}

func messagePromise(id, passphrase string, body, answer []byte) []Promise {
	var message struct{ Msg string }
	if json.Unmarshal(body, &message) != nil {
		return nil
	}
	reading, err := envelope.Open(passphrase, message.Msg)
	if err != nil {
		return nil
	}
	switch string(answer) {
	case `{"status":"OK"}`:
		return []Promise{{Kind: Stored, Device: id, N: reading.SEQN, Data: string(reading.Data)}}
	case `{"status":"NOT OK"}`:
		return []Promise{{Kind: Passed, Device: id, N: reading.SEQN}}
	}
	return nil
}

func nextPromise(id, passphrase string, answer []byte) ([]Promise, error) {
	var sealed struct{ Msg string }
	if err := json.Unmarshal(answer, &sealed); err != nil {
		return nil, err
	}
	if sealed.Msg == "" {
		return nil, nil // refused
	}
	plain, err := envelope.OpenPlain(passphrase, sealed.Msg)
	if err != nil {
		return nil, err
	}
	var state struct{ SEQN uint64 }
	if err := json.Unmarshal(plain, &state); err != nil {
		return nil, err
	}
	return []Promise{{Kind: Next, Device: id, N: state.SEQN}}, nil
}
