package control_test

import (
	"context"
	"crypto/md5"
	"errors"
	"net"
	"reflect"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/control/controltest"
)

func TestHello(t *testing.T) {
	r := open(t, nil)
	nonce := []byte{0, 0xC0, 0xFF, 0xEE}
	got, err := r.Hello(soon(t), nonce)
	if err != nil {
		t.Fatal(err)
	}
	want := control.Hello{
		Firmware: "espalier-fake", Version: "0.1.0", MAC: net.HardwareAddr{0x7A, 0xE5, 0x82, 0, 0, 1},
		Boots: 1, Cause: console.Power, Nonce: nonce, Digest: md5.Sum(controltest.Image), Size: len(controltest.Image),
		Links:  []string{control.LinkVirtual, control.LinkSerial},
		Limits: control.Limits{Line: 4096, Data: 1024, ID: 32, Pass: 128}, Store: control.StoreOK,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if heard := r.last(); heard != "hello 00c0ffee" {
		t.Errorf("went out as %q", heard)
	}
	if _, err := r.Provision(soon(t), "é", "p", control.MaxSEQN); err != nil {
		t.Fatal(err)
	}
	got, err = r.Hello(soon(t), nil)
	if err != nil || got.Device != "é" || got.Next == nil || *got.Next != control.MaxSEQN || len(got.Nonce) != 0 {
		t.Errorf("once provisioned: %+v, %v", got, err)
	}
}

// What HELLO must hold is checked, what it may hold besides is passed over.
func TestHelloIsStrict(t *testing.T) {
	limits := func(change func(map[string]int)) map[string]int {
		l := map[string]int{"line": 1, "data": 2, "id": 3, "pass": 4}
		change(l)
		return l
	}
	for _, tt := range []struct {
		member string
		value  any
		want   error // nil: accepted
	}{
		{"proto", 2, control.ErrProto},
		{"proto", 0, control.ErrProto},
		{"proto", "1", control.ErrAnswer},
		{"proto", nil, control.ErrAnswer},
		{"fw", "", nil},
		{"fw", 7, control.ErrAnswer},
		{"version", nil, control.ErrAnswer},
		{"mac", "7A:E5:82:00:00:01", nil},
		{"mac", "7a:e5:82:00:00", control.ErrAnswer},
		{"mac", "7a:e5:82:00:00:01:00:00", control.ErrAnswer},
		{"mac", "", control.ErrAnswer},
		{"boots", -1, control.ErrAnswer},
		{"boots", 1 << 31, control.ErrAnswer},
		{"cause", 255, nil},
		{"cause", 256, control.ErrAnswer},
		{"nonce", "00", control.ErrAnswer}, // it was asked for none
		{"nonce", "0", control.ErrAnswer},
		{"digest", strings.Repeat("0", 30), control.ErrAnswer},
		{"digest", strings.Repeat("A", 32), control.ErrAnswer},
		{"size", 16<<20 + 1, control.ErrAnswer},
		{"links", []string{}, nil},
		{"links", []string{"carrier pigeon"}, nil},
		{"links", "virtual", control.ErrAnswer},
		{"links", []int{1}, control.ErrAnswer},
		{"links", nil, control.ErrAnswer},
		{"limits", nil, control.ErrAnswer},
		{"limits", []int{1}, control.ErrAnswer},
		{"limits", limits(func(l map[string]int) { l["more"] = 5 }), nil},
		{"limits", limits(func(l map[string]int) { delete(l, "pass") }), control.ErrAnswer},
		{"limits", limits(func(l map[string]int) { l["line"] = 1<<20 + 1 }), control.ErrAnswer},
		{"limits", limits(func(l map[string]int) { l["data"] = -1 }), control.ErrAnswer},
		{"device", "zz", control.ErrAnswer},
		{"device", "31324641", nil},
		{"next", control.MaxSEQN + 1, nil}, // none is left
		{"next", control.MaxSEQN + 2, control.ErrAnswer},
		{"next", "1", control.ErrAnswer},
		{"next", 0.5, control.ErrAnswer},
		{"store", "empty", nil},
		{"store", "damaged", nil},
		{"store", "OK", control.ErrAnswer},
		{"rssi", map[string]any{"dBm": []int{-60}}, nil},
	} {
		r := open(t, nil)
		r.device.Alter(func(hello map[string]any) { hello[tt.member] = tt.value })
		h, err := r.Hello(soon(t), nil)
		if !errors.Is(err, tt.want) || tt.want == control.ErrAnswer && !strings.Contains(err.Error(), "hello: ") {
			t.Errorf("%s = %v: got %v, want %v", tt.member, tt.value, err, tt.want)
		}
		if err != nil && !reflect.DeepEqual(h, control.Hello{}) {
			t.Errorf("%s = %v: %+v beside an error", tt.member, tt.value, h)
		}
		if _, after := r.Seqn(soon(t)); err != nil && !errors.Is(after, control.ErrNoHello) {
			t.Errorf("%s = %v: a refused HELLO has set the limits: %v", tt.member, tt.value, after)
		}
	}
	for _, member := range []string{"proto", "fw", "version", "mac", "boots", "cause", "nonce", "digest", "size", "links", "limits", "device", "next", "store"} {
		r := open(t, nil)
		r.device.Alter(func(hello map[string]any) { delete(hello, member) })
		if _, err := r.Hello(soon(t), nil); !errors.Is(err, control.ErrAnswer) || !strings.Contains(err.Error(), `"`+member+`"`) {
			t.Errorf("without %s: got %v", member, err)
		}
	}
}

// press is a reset by the pin.
func (r rig) press(context.Context) error {
	return errors.Join(r.console.SetRTS(true), r.console.SetRTS(false))
}

func TestBoot(t *testing.T) {
	r := open(t, nil)
	boot, hello, err := r.Boot(soon(t), r.press, console.External)
	if err != nil || boot.Cause != console.External || boot.Mode != console.FlashBoot || hello.Boots != 2 || hello.Cause != console.External {
		t.Fatalf("%+v, %+v, %v", boot, hello, err)
	}
	// Its limits count: no HELLO has to be asked for.
	if _, err := r.Seqn(soon(t)); err != nil {
		t.Error(err)
	}
	boot, hello, err = r.Reset(soon(t), console.Software)
	if err != nil || boot.Cause != console.Software || hello.Boots != 3 || r.last() != "reset" {
		t.Errorf("%+v, %+v, %v after %q", boot, hello, err, r.last())
	}
}

func TestBootFails(t *testing.T) {
	broken := errors.New("inappropriate ioctl for device")
	says := func(r rig, text string) func(context.Context) error {
		return func(context.Context) error { r.device.Say(text); return nil }
	}
	const loader = "\r\n ets Jan  8 2013,rst cause:2, boot mode:(1,6)\r\n"
	const flash = "\r\n ets Jan  8 2013,rst cause:2, boot mode:(3,6)\r\n"

	r := open(t, nil)
	if _, _, err := r.Boot(soon(t), func(context.Context) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a reset that fails: %v", err)
	}
	if _, _, err := r.Boot(soon(t), says(r, loader)); !errors.Is(err, control.ErrBootMode) || !strings.Contains(err.Error(), "GPIO0") {
		t.Errorf("into the loader: %v", err)
	}
	// The answer to a hello is not the greeting of a boot.
	answered := flash + "hi there\r\n" + controltest.Record(map[string]any{"id": 1, "ok": true, "hello": map[string]any{}})
	if _, _, err := r.Boot(over(t), says(r, answered)); !errors.Is(err, context.DeadlineExceeded) ||
		!strings.Contains(err.Error(), "the firmware's HELLO") {
		t.Errorf("no greeting: %v", err)
	}
	if _, _, err := r.Boot(soon(t), says(r, flash+controltest.Record(map[string]any{"hello": 1}))); !errors.Is(err, control.ErrAnswer) {
		t.Errorf("a greeting that is none: %v", err)
	}
	if _, _, err := r.Boot(soon(t), says(r, flash+controltest.Record(map[string]any{"hello": map[string]any{"proto": 7}}))); !errors.Is(err, control.ErrProto) {
		t.Errorf("another protocol: %v", err)
	}
	var crash *console.Crash
	if _, _, err := r.Boot(soon(t), says(r, flash+"Fatal exception (28): \r\nepc1=0x40100010\r\n")); !errors.As(err, &crash) {
		t.Errorf("a crash at boot: %v", err)
	}
	if _, err := r.Seqn(soon(t)); err == nil {
		t.Error("a crashed board answers")
	}
}
