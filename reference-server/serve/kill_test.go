package serve_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/serve"
)

// killsVariable says how many times TestKill kills; .ci/run asks for 200.
const killsVariable = "ESPALIER_KILLS"

// sender is a device that goes on over the deaths of its server.
type sender struct {
	id       string
	client   *http.Client
	next     uint64
	body     string            // of a message that was not answered, and perhaps stored
	accepted map[uint64]string // number → body, of all that were answered OK
	kept     map[uint64]bool   // stored, as a NOT OK to a resend said
}

// talk makes a request and returns "status body".
func talk(c *http.Client, method, url, body string) (string, error) {
	q, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	q.Header.Set("Content-Type", "application/json")
	q.Header.Set("Authorization", "Bearer "+token)
	p, err := c.Do(q)
	if err != nil {
		return "", err
	}
	defer p.Body.Close()
	text, err := io.ReadAll(p.Body)
	return fmt.Sprint(p.StatusCode, " ", string(text)), err
}

// send posts the next message, or once more the one that got no answer. An error
// is the end of the server.
func (d *sender) send(listen string) (ok bool, err error) {
	again := d.body != ""
	if !again {
		plain := fmt.Appendf(nil, `{"data":"%s number %d","SEQN":%d}`, d.id, d.next, d.next)
		salt := [8]byte{byte(d.next), byte(d.next >> 8), d.id[0]}
		d.body = `{"msg":"` + envelope.Seal(passphrase, salt, plain) + `"}`
	}
	got, err := talk(d.client, "POST", "http://"+listen+"/data/"+d.id, d.body)
	if err != nil {
		return false, err
	}
	switch {
	case got == accepted:
		d.accepted[d.next] = d.body
	case got == rejected && again:
		d.kept[d.next] = true
	default:
		return false, fmt.Errorf("number %d of device %s: %s", d.next, d.id, got)
	}
	d.next++
	d.body = ""
	return got == accepted, nil
}

// TestKill kills the server under load, over and over: nothing that it accepted
// may be lost, and none of it may get in again.
func TestKill(t *testing.T) {
	t.Parallel() // most of it is waiting for flushes
	kills := 20
	if text := os.Getenv(killsVariable); text != "" {
		var err error
		if kills, err = strconv.Atoi(text); err != nil || kills < 1 {
			t.Fatalf("%s=%q is no number of kills", killsVariable, text)
		}
	}
	db := filepath.Join(t.TempDir(), "readings.db")
	senders := make([]*sender, 8)
	for i := range senders {
		senders[i] = &sender{id: fmt.Sprint(i), accepted: map[uint64]string{}, kept: map[uint64]bool{}, client: &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}}
	}
	from := make([]uint64, len(senders)) // the first number of the last life
	for kill := range kills + 1 {
		args := []string{"--db", db, "--admin", "127.0.0.1:0", "--log-level", "error"}
		for _, d := range senders {
			args = append(args, "--device", d.id+":"+passphrase+":0") // never lowers next
		}
		s := start(t, serve.TokenVariable+"="+token, args...)
		for i, d := range senders {
			if kill == kills {
				from[i] = 0
			}
			if err := d.check(s, from[i]); err != nil {
				t.Errorf("after %d kills: %v", kill, err)
			}
			from[i] = d.next
		}
		if kill == kills {
			s.stop(t)
			break
		}
		deadly := 1 + rand.IntN(40)
		answers := make(chan struct{})
		var all sync.WaitGroup
		for _, d := range senders {
			all.Go(func() {
				for {
					ok, err := d.send(s.Listen)
					if err != nil {
						if strings.Contains(err.Error(), "number") {
							t.Error(err)
						}
						return
					}
					if ok {
						answers <- struct{}{}
					}
				}
			})
		}
		go func() { all.Wait(); close(answers) }()
		n := 0
		for range answers {
			if n++; n == deadly {
				s.Process.Kill()
			}
		}
		if n < deadly {
			t.Fatalf("the server ended by itself after %d messages", n)
		}
		s.Wait()
	}
	heard, unheard := 0, 0
	for _, d := range senders {
		heard += len(d.accepted)
		unheard += len(d.kept)
	}
	t.Logf("%d kills under load; %d readings accepted, %d more stored whose answer was lost; after all, every one is there once, and none got in again", kills, heard, unheard)
}

// check checks that all that was accepted from this number on is there, once,
// and does not get in again.
func (d *sender) check(s *server, from uint64) error {
	there := map[uint64]bool{}
	for more, at := true, from; more; {
		got, err := talk(d.client, "GET", fmt.Sprintf("http://%s/devices/%s/readings?from=%d&limit=1000", s.Admin, d.id, at), "")
		if err != nil {
			return err
		}
		var page struct {
			Readings []struct {
				SEQN uint64
				Data string
			}
			More bool
		}
		if err := json.Unmarshal([]byte(strings.TrimPrefix(got, "200 ")), &page); err != nil {
			return fmt.Errorf("%s: %w", got, err)
		}
		for _, r := range page.Readings {
			if want := fmt.Sprintf("%s number %d", d.id, r.SEQN); r.Data != want || there[r.SEQN] {
				return fmt.Errorf("device %s: number %d holds %q", d.id, r.SEQN, r.Data)
			}
			there[r.SEQN] = true
			at = r.SEQN + 1
		}
		more = page.More
	}
	for n, body := range d.accepted {
		if n < from {
			continue
		}
		if !there[n] {
			return fmt.Errorf("device %s: number %d was accepted and is lost", d.id, n)
		}
		if got, err := talk(d.client, "POST", "http://"+s.Listen+"/data/"+d.id, body); got != rejected {
			return fmt.Errorf("device %s: number %d was accepted and, sent again, got %s, %v", d.id, n, got, err)
		}
	}
	for n := range d.kept {
		if n >= from && !there[n] {
			return fmt.Errorf("device %s: number %d was refused as stored and is lost", d.id, n)
		}
	}
	for n := range there {
		if d.accepted[n] == "" && !d.kept[n] && (n != d.next || d.body == "") {
			return fmt.Errorf("device %s: number %d is stored and was not sent", d.id, n)
		}
	}
	return nil
}
