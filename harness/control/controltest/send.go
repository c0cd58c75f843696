package controltest

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// attempts is how often a device tries to get a reading through.
const attempts = 4

// send begins a send, with mu held. On link virtual the first attempt is
// accepted; on link serial the host carries each one, and commands but reply
// are refused until it is over.
func (d *Device) send(id, dataHex string) {
	switch {
	case !d.used:
		d.refuse(id, "not-provisioned", "")
		return
	case d.server == "":
		d.refuse(id, "no-server", "")
		return
	case d.link == "":
		d.refuse(id, "no-link", "")
		return
	}
	seqn := d.next
	d.next++
	if d.link != "serial" {
		d.sent(id, seqn, "accepted", 1, 200)
		return
	}
	d.sending = true
	ask := d.ask(dataHex)
	go d.post(id, seqn, dataHex, ask)
}

func (d *Device) sent(id string, seqn uint64, outcome string, attempts, status int) {
	d.say(id, map[string]any{
		"seqn": seqn, "outcome": outcome, "attempts": attempts, "http": status,
		"salt": fmt.Sprintf("%016x", seqn), "md5": strings.Repeat("0f", 16),
	})
}

// ask has the host carry one request, with mu held. The channel brings what it
// says, or is closed if the device is reset meanwhile.
func (d *Device) ask(dataHex string) <-chan string {
	host, port, _ := strings.Cut(d.server, " ")
	number, _ := strconv.Atoi(port)
	d.asked++
	d.waiting = make(chan string, 1)
	d.Say(Record(map[string]any{"http": map[string]any{
		"n": d.asked, "host": host, "port": number,
		"request": hex.EncodeToString([]byte("POST /data/12FA HTTP/1.1\r\n\r\n")) + dataHex,
	}}))
	return d.waiting
}

// post waits for one reply after the other, until one says OK.
func (d *Device) post(id string, seqn uint64, dataHex string, asked <-chan string) {
	for n := 1; ; n++ {
		reply, alive := <-asked
		d.mu.Lock()
		p, _ := hex.DecodeString(reply)
		ok := strings.Contains(string(p), `"OK"`)
		switch {
		case !alive:
		case ok:
			d.sending = false
			d.sent(id, seqn, "accepted", n, 200)
		case n == attempts:
			d.sending = false
			d.sent(id, seqn, "unknown", n, 0)
		default:
			asked = d.ask(dataHex)
		}
		d.mu.Unlock()
		if !alive || ok || n == attempts {
			return
		}
	}
}

// reply hands on what the host says, with mu held. Like the firmware, the
// device takes no notice of a reply that nothing waits for, or that names
// another request.
func (d *Device) reply(args []string) {
	if d.waiting == nil || len(args) == 0 || len(args) > 1 && args[1] != strconv.Itoa(d.asked) {
		return
	}
	d.waiting <- args[0]
	d.waiting = nil
}

// abandon ends a send without an answer, with mu held.
func (d *Device) abandon() {
	if d.waiting != nil {
		close(d.waiting)
	}
	d.waiting, d.sending = nil, false
}
