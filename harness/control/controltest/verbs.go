package controltest

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// verb answers every command but send and reply.
func (d *Device) verb(id, verb string, args []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	arg := func(i int) string {
		if i >= len(args) || args[i] == "-" {
			return ""
		}
		return args[i]
	}
	switch verb {
	case "hello":
		d.say(id, map[string]any{"hello": d.hello(arg(0))})
	case "provision":
		d.provision(id, arg(0), arg(1), arg(2))
	case "server":
		d.server = arg(0) + " " + arg(1)
		d.say(id, map[string]any{})
	case "link":
		if arg(0) != "virtual" && arg(0) != "serial" {
			d.refuse(id, "no-link", "")
			return
		}
		d.link = arg(0)
		d.say(id, map[string]any{"link": d.link})
	case "seal":
		d.say(id, map[string]any{"msg": "U2FsdGVkX18BAgMEBQYHCA=="})
	case "derive":
		d.say(id, map[string]any{"key": strings.Repeat("a5", 32), "iv": strings.Repeat("5a", 16)})
	case "seqn":
		n, _ := strconv.ParseUint(strings.TrimPrefix(arg(0), "+"), 10, 64)
		d.next += n
		d.say(id, map[string]any{"next": d.next})
	case "digest":
		d.say(id, map[string]any{"md5": digest(arg(0)), "size": len(Image)})
	case "bench":
		n, err := strconv.Atoi(arg(0))
		if err != nil {
			d.refuse(id, "bad-args", "a number of seals")
			return
		}
		d.say(id, map[string]any{"n": n, "cycles": 100000 * n})
	case "reset":
		d.say(id, map[string]any{})
		go d.Boot(3)
	default:
		d.refuse(id, "bad-command", verb)
	}
}

func (d *Device) provision(id, device, pass, next string) {
	n, err := strconv.ParseUint(next, 10, 64)
	if err != nil || device == "" || pass == "" {
		d.refuse(id, "bad-args", "")
		return
	}
	if pass == d.pass {
		n = max(n, d.next)
	}
	d.id, d.pass, d.next, d.used = device, pass, n, true
	d.say(id, map[string]any{"next": n})
}

// send spends four attempts: on link serial each is carried by the host, on
// link virtual the first one is accepted.
func (d *Device) send(id string, args []string) {
	d.mu.Lock()
	server, link, seqn, ready := d.server, d.link, d.next, d.used
	if ready && server != "" && link != "" {
		d.next++
	}
	d.mu.Unlock()
	switch {
	case !ready:
		d.refuse(id, "not-provisioned", "")
		return
	case server == "":
		d.refuse(id, "no-server", "")
		return
	case link == "":
		d.refuse(id, "no-link", "")
		return
	}
	outcome, attempts, status := "accepted", 1, 200
	if link == "serial" {
		outcome, attempts, status = d.post(server, strings.Join(args, ""))
	}
	d.say(id, map[string]any{
		"seqn": seqn, "outcome": outcome, "attempts": attempts, "http": status,
		"salt": fmt.Sprintf("%016x", seqn), "md5": strings.Repeat("0f", 16),
	})
}

// post has the host carry the request until there is a reply.
func (d *Device) post(server, dataHex string) (outcome string, attempts, status int) {
	host, port, _ := strings.Cut(server, " ")
	number, _ := strconv.Atoi(port)
	request := hex.EncodeToString([]byte("POST /data/12FA HTTP/1.1\r\n\r\n")) + dataHex
	for attempts = 1; attempts <= 4; attempts++ {
		d.Say(Record(map[string]any{"http": map[string]any{"n": attempts, "host": host, "port": number, "request": request}}))
		reply := <-d.replies
		if p, err := hex.DecodeString(reply); err == nil && strings.Contains(string(p), `"OK"`) {
			return "accepted", attempts, 200
		}
	}
	return "unknown", 4, 0
}
