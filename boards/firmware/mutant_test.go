package firmware_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/need"
)

// symptoms tell whether a device has a fault. They hold for no other firmware.
var symptoms = map[string]func(d *device) bool{
	"FAULT_SEQN_RESET_ON_BOOT": func(d *device) bool {
		d.provision("1", "p", 5)
		d.do("seqn +3")
		d.do("reset")
		return *d.greeting().Next == 5
	},
	"FAULT_RECORD_AFTER_SEND": func(d *device) bool {
		d.online(5)
		d.do("seqn +3")
		d.tell("send 31")
		d.next()
		d.board.PowerCycle()
		return *d.greeting().Next == 8
	},
	"FAULT_TORN_RECORD": func(d *device) bool {
		d.provision("1", "p", 5)
		torn := []byte{1, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}
		if err := d.board.LoadFlash(0x79010, torn); err != nil {
			d.t.Fatal(err)
		}
		d.do("reset")
		return *d.greeting().Next == 99
	},
	"FAULT_TORN_PROVISION": func(d *device) bool {
		d.provision("1", "p", 5)
		return d.cut("provision 32 70 6", 16+16+8+9).Store == "damaged"
	},
	"FAULT_WEAK_COPY": func(d *device) bool {
		d.provision("1", "p", 5)
		before := d.board.Stats().Pulses
		d.cut("provision 32 70 6", 16+16+8+176+8)
		return d.board.Stats().Pulses-before == 16+16+8+176+8+8+176
	},
	"FAULT_SALT_FROM_RNG_ONLY": func(d *device) bool {
		one, two := d.sends(rejects), d.sends(rejects)
		d.do("reset")
		d.greeting()
		three := d.sendsFrom(9, rejects)
		return one.Salt != two.Salt && one.Salt == three.Salt
	},
	"FAULT_SALT_FIXED": func(d *device) bool {
		one, two := d.sends(rejects), d.sends(rejects)
		return one.Salt == two.Salt
	},
	"FAULT_IV_REUSED": func(d *device) bool {
		return d.do("derive 70 0000000000000000").IV == d.do("derive 70 0000000000000001").IV
	},
	"FAULT_PAD_MISSING_AT_16": func(d *device) bool {
		msg := d.do("seal 70 0000000000000000 7 223132333422").Msg // 24 bytes, 32 of base64
		return len(msg) < 88
	},
	"FAULT_TRUNCATE_DATA": func(d *device) bool {
		long := strings.Repeat("61", 254)
		fits, cut := d.do("seal 70 0000000000000000 7 22%s22", long), d.do("seal 70 0000000000000000 7 22%s%s22", long, long)
		return len(fits.Msg) == len(cut.Msg)
	},
	"FAULT_HEX_PASSPHRASE": func(d *device) bool {
		text, bytes := d.do("derive %x 0000000000000000", "C0FFEE"), d.do("derive c0ffee 0000000000000000")
		return text.Key == bytes.Key
	},
	"FAULT_SEQN_TAKEN_DOWN": func(d *device) bool {
		d.provision("1", "p", 5)
		return d.do("provision 31 70 3").Next == 3
	},
	"FAULT_SEQN_WITHOUT_END": func(d *device) bool {
		d.provision("1", "p", 1<<53-2)
		return d.ask("seqn +2").OK
	},
	"FAULT_RESEND_NEW_SEQN": func(d *device) bool {
		return *d.sends("", accepts).SEQN == 2
	},
	"FAULT_RESEND_RESEALED": func(d *device) bool {
		one := d.sends("", accepts)
		return *one.SEQN == 1 && d.requests[0] != d.requests[1]
	},
	"FAULT_RETRY_FOREVER": func(d *device) bool {
		d.online(1)
		d.tell("send 31")
		for range 4 {
			if d.next().HTTP == nil {
				return false
			}
			d.tell("reply timeout")
		}
		return d.next().ID == 0
	},
	"FAULT_LOSS_FORGOTTEN": func(d *device) bool {
		return d.sends("", rejects).Outcome == "refused"
	},
	"FAULT_WATCHDOG_UNFED": func(d *device) bool {
		d.online(1)
		d.tell("send 31")
		for range 3 {
			if d.next().Hello != nil {
				return true
			}
			d.tell("reply timeout")
		}
		return d.next().Hello != nil
	},
	"FAULT_STATUS_IGNORED": func(d *device) bool {
		return d.sends(says(500, `{"status":"OK"}`)).Outcome == "accepted"
	},
	"FAULT_OK_SUBSTRING": func(d *device) bool {
		return d.sends(rejects).Outcome == "accepted"
	},
	"FAULT_PRESUMES_UNSENT": func(d *device) bool {
		return d.sends(refuses, rejects).Outcome == "presumed"
	},
	"FAULT_HALF_REPLY": func(d *device) bool {
		return d.sends(rejects[:len(rejects)-1], rejects).Attempts == 1
	},
	"FAULT_RESYNC_ANY_NONCE": func(d *device) bool {
		d.online(5)
		return d.resyncs(func(string) string { return tells(50)("0123456789abcdef") }).OK
	},
	"FAULT_RESYNC_NONCE_AGAIN": func(d *device) bool {
		d.online(5)
		d.resyncs(func(string) string { return rejects })
		return d.do("seqn").Next == 5
	},
	"FAULT_RESYNC_LOWERS": func(d *device) bool {
		d.online(5)
		return d.resyncs(tells(3)).Next == 3
	},
	"FAULT_SETTLES_BY_EQUAL": func(d *device) bool {
		sent := d.sends(loses, loses, loses, loses)
		if sent.SEQN == nil || sent.Outcome != "unknown" { // it died of it, or was told
			return false
		}
		told := d.resyncs(tells(*sent.SEQN))
		return told.Settled != nil && told.Settled.Stored
	},
	"FAULT_DIGEST_CONSTANT": func(d *device) bool {
		size := d.do("digest -").Size
		before := d.do("digest 00").MD5
		if err := d.board.PokeFlash(size-2, 1); err != nil {
			d.t.Fatal(err)
		}
		return d.do("digest 00").MD5 == before
	},
	"FAULT_PASSPHRASE_ECHO": func(d *device) bool {
		d.provision("1", "correct horse", 1)
		return strings.Contains(string(d.said), "correct horse")
	},
	"FAULT_NULL_LOAD":     func(d *device) bool { return d.dies(longReading) == "Fatal exception (28)" },
	"FAULT_WATCHDOG_LOOP": func(d *device) bool { return d.dies(longReading) == "wdt reset" },
	"FAULT_LATE_CRASH": func(d *device) bool {
		d.do("seal 70 0000000000000000 7 6e756c6c")
		return d.dies("seqn") == "Fatal exception (28)"
	},
}

// online makes the device ready to send over link serial.
func (d *device) online(next uint64) {
	d.t.Helper()
	d.do("provision 31 70 %d", next)
	d.do("link serial")
	d.do("server 10.0.0.1 80")
}

// cut has the power fail in that pulse of a command, and come back.
func (d *device) cut(command string, pulse uint64) hello {
	d.t.Helper()
	d.board.Cut(virtual.Cut{After: pulse, Of: virtual.Pulses, Whole: true})
	d.tell("%s", command)
	for buf := make([]byte, 256); d.board.Powered(); {
		if _, err := d.port.Read(buf); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			d.t.Fatal(err)
		}
	}
	d.board.PowerOn()
	return d.greeting()
}

// longReading is a command to send a reading of 302 bytes.
var longReading = "send 22" + strings.Repeat("61", 300) + "22"

// dies sends a command, and returns the words with which the device dies of it,
// or the beginning of what it answers.
func (d *device) dies(command string) string {
	d.t.Helper()
	if command == longReading {
		d.online(1)
	}
	d.tell("%s", command)
	if err := d.port.SetReadTimeout(time.Minute); err != nil {
		d.t.Fatal(err)
	}
	for buf := make([]byte, 256); ; {
		for _, words := range []string{"Fatal exception (28)", "wdt reset", "\x1e"} {
			if strings.Contains(string(d.said[d.read:]), words) {
				return words
			}
		}
		n, err := d.port.Read(buf)
		if err != nil {
			d.t.Fatalf("%v, after %q", err, d.said[d.read:])
		}
		d.said = append(d.said, buf[:n]...)
	}
}

// sends sends a reading to a host that replies thus to each attempt, for as long
// as it is asked.
func (d *device) sends(replies ...string) record {
	d.t.Helper()
	return d.sendsFrom(1, replies...)
}

func (d *device) sendsFrom(next uint64, replies ...string) record {
	d.t.Helper()
	d.online(next)
	d.tell("send 31")
	for _, reply := range replies {
		asks := d.next()
		if asks.ID != 0 {
			return asks
		}
		if asks.HTTP == nil { // it has started anew
			return record{SEQN: new(uint64)}
		}
		d.requests = append(d.requests, request(d.t, asks))
		if reply != refuses && reply != loses {
			reply = hexOf(reply)
		}
		d.tell("reply %s", reply)
	}
	return d.next()
}

// request returns what a record asks the host to carry.
func request(t testing.TB, asks record) string {
	t.Helper()
	var http struct{ Request string }
	if err := json.Unmarshal(asks.HTTP, &http); err != nil {
		t.Fatal(err)
	}
	return http.Request
}

func TestMutants(t *testing.T) {
	need.Tool(t, "xtensa-lx106-elf-gcc")
	names := regexp.MustCompile(`(?m)^\t(FAULT_[A-Z0-9_]+), *// `).FindAllStringSubmatch(string(read(t, "core/faults.h")), -1)
	if len(names) != len(symptoms) {
		t.Errorf("%d faults, symptoms of %d", len(names), len(symptoms))
	}
	for _, name := range names {
		t.Run(name[1], func(t *testing.T) {
			t.Parallel()
			out := filepath.Join(t.TempDir(), "mutant.bin")
			build(t, ".", t.TempDir(), "mutant", "FAULT="+name[1], "OUT="+out)
			image := read(t, out)
			d, h := boot(t, image, virtual.Config{})
			if h.Digest != sum(image) || h.Size != len(image) || h.Store != "empty" {
				t.Errorf("greeting %+v", h)
			}
			if got := d.sends(accepts); got.Outcome != "accepted" {
				t.Errorf("%+v", got)
			}
			for fault, has := range symptoms {
				d, _ := boot(t, image, virtual.Config{})
				if want := fault == name[1]; has(d) != want {
					t.Errorf("shows %s: %t, want %t", fault, !want, want)
				}
			}
		})
	}
}

// The reference firmware has none of them.
func TestNoSymptoms(t *testing.T) {
	for fault, has := range symptoms {
		if d, _ := ref(t); has(d) {
			t.Errorf("shows %s", fault)
		}
	}
}
