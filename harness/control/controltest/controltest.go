// Package controltest is a device that speaks the control protocol, for the
// tests of those who drive one. It seals nothing: what it answers has the right
// form and no meaning. [Device.Answer] makes it say something else.
package controltest

import (
	"bufio"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/port/porttest"
)

// Limits of the device, in bytes.
const (
	MaxLine = 4096
	MaxData = 1024
	MaxID   = 32
	MaxPass = 128
)

// Image stands for the firmware whose digest the device tells.
var Image = []byte("\xe9 an image that nobody runs")

// Device is the fake. It answers from a goroutine of its own, which ends with
// the port.
type Device struct {
	cable *porttest.Device

	mu       sync.Mutex
	heard    []string
	scripted map[string][]string // by verb, what to say instead, once each
	altered  []func(hello map[string]any)
	asked    int         // requests to be carried, since ever
	waiting  chan string // of the send that waits for a reply; else nil
	sending  bool

	id, pass string // hex
	next     uint64
	used     bool // next is meaningful
	server   string
	link     string
	boots    int
	cause    int
}

// Open returns a port with a device behind it that has booted long ago.
func Open() (boards.Port, *Device) {
	host, cable := porttest.Pipe()
	d := &Device{cable: cable, scripted: map[string][]string{}, boots: 1, cause: 1}
	cable.OnMove(d.moved)
	go d.serve()
	return host, d
}

// Answer makes the next command verb be answered by text, raw. The id of the
// command stands for each "$ID" in it.
func (d *Device) Answer(verb, text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.scripted[verb] = append(d.scripted[verb], text)
}

// Alter changes what HELLO says from now on.
func (d *Device) Alter(change func(hello map[string]any)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.altered = append(d.altered, change)
}

// Say sends text, raw.
func (d *Device) Say(text string) { d.cable.Write([]byte(text)) }

// Unplug ends the port.
func (d *Device) Unplug() { d.cable.Unplug() }

// Heard returns the command lines that came, without their LF.
func (d *Device) Heard() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.heard)
}

// Boot resets the device and sends what one sends: the ROM's log and HELLO.
func (d *Device) Boot(cause int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.boots, d.cause, d.server, d.link = d.boots+1, cause, "", ""
	d.abandon()
	d.Say(fmt.Sprintf("\r\n ets Jan  8 2013,rst cause:%d, boot mode:(3,6)\r\n\r\nload 0x40100000, len 44, room 16 \r\ncsum 0x12\r\n", cause))
	d.Say(Record(map[string]any{"hello": d.hello("")}))
}

// moved boots the device when RTS lets go of its reset pin.
func (d *Device) moved(move string) {
	if move == "RTS false" {
		d.Boot(2)
	}
}

// Record frames a value as the device does.
func Record(v any) string {
	p, err := json.Marshal(v)
	if err != nil {
		panic("controltest: internal error: " + err.Error())
	}
	return "\x1e" + string(p) + "\n"
}

func (d *Device) serve() {
	defer func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.abandon()
	}()
	lines := bufio.NewScanner(d.cable)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		d.mu.Lock()
		d.heard = append(d.heard, lines.Text())
		d.mu.Unlock()
		words := strings.Fields(lines.Text())
		if len(words) < 2 {
			continue
		}
		d.command(len(lines.Text())+1, words[0], words[1], words[2:])
	}
}

// command answers one line of n bytes.
func (d *Device) command(n int, id, verb string, args []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	script := d.scripted[verb]
	switch {
	case len(script) > 0:
		d.scripted[verb] = script[1:]
		d.Say(strings.ReplaceAll(script[0], "$ID", id))
	case n > MaxLine:
		d.refuse(id, "too-long", "")
	case verb == "reply":
		d.reply(args)
	case d.sending:
		d.refuse(id, "busy", "a send waits for its reply")
	case verb == "send":
		d.send(id, strings.Join(args, ""))
	default:
		d.verb(id, verb, args)
	}
}

func (d *Device) say(id string, members map[string]any) {
	members["id"], members["ok"] = json.Number(id), true
	d.Say(Record(members))
}

func (d *Device) refuse(id, code, detail string) {
	d.Say(Record(map[string]any{"id": json.Number(id), "ok": false, "error": code, "detail": detail}))
}

// digest returns the MD5 of nonce and image, as hex.
func digest(nonce string) string {
	p, err := hex.DecodeString(nonce)
	if err != nil {
		return ""
	}
	sum := md5.Sum(append(p, Image...))
	return hex.EncodeToString(sum[:])
}

func (d *Device) hello(nonce string) map[string]any {
	var next any
	if d.used {
		next = d.next
	}
	hello := map[string]any{
		"proto": 1, "fw": "espalier-fake", "version": "0.1.0", "mac": "7a:e5:82:00:00:01",
		"boots": d.boots, "cause": d.cause, "nonce": nonce, "digest": digest(""), "size": len(Image),
		"links":  []string{"virtual", "serial"},
		"limits": map[string]int{"line": MaxLine, "data": MaxData, "id": MaxID, "pass": MaxPass},
		"device": d.id, "next": next, "store": "ok", "later": "members may be added",
	}
	for _, change := range d.altered {
		change(hello)
	}
	return hello
}
