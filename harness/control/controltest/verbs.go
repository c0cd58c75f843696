package controltest

import (
	"strconv"
	"strings"
)

// verb answers every command but send and reply, with mu held.
func (d *Device) verb(id, verb string, args []string) {
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
	case "resync": // the backend is as far as the device
		d.next++
		d.say(id, map[string]any{"next": d.next, "told": d.next, "attempts": 1, "settled": nil})
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
