package rfc2217_test

import (
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/rfc2217"
)

func TestParse(t *testing.T) {
	for name, want := range map[string]rfc2217.Address{
		"rfc2217://127.0.0.1:4000":                    {HostPort: "127.0.0.1:4000"},
		"rfc2217://[::1]:0":                           {HostPort: "[::1]:0"},
		"rfc2217://:4000/":                            {HostPort: ":4000"},
		"rfc2217://pi:1?ign_set_control":              {HostPort: "pi:1", IgnoreControl: true},
		"rfc2217://pi:1?timeout=2.5&ign_set_control=": {HostPort: "pi:1", IgnoreControl: true, Timeout: 2500 * time.Millisecond},
		"RFC2217://pi:1?logging=debug&poll_modem":     {HostPort: "pi:1"},
	} {
		if got, err := rfc2217.Parse(name); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
	for name, says := range map[string]string{
		"":                                     "is not like rfc2217://127.0.0.1:4000",
		"rfc2217://host":                       "is not like",
		"rfc2217:4000":                         "is not like",
		"rfc2217://host:70000":                 "is not like",
		"rfc2217://host:":                      "is not like",
		"rfc2217://host:http":                  "invalid port",
		"tcp://host:4000":                      "is not like",
		"rfc2217://me@host:4000":               "more than host, port and options",
		"rfc2217://host:4000/ttyUSB0":          "more than host, port and options",
		"rfc2217://host:4000?timeout=soon":     "timeout=soon is no number of seconds up to 600",
		"rfc2217://host:4000?timeout=-1":       "timeout=-1",
		"rfc2217://host:4000?timeout=NaN":      "timeout=NaN",
		"rfc2217://host:4000?timeout=1e9":      "timeout=1e9",
		"rfc2217://host:4000?ign_set_controll": "option ign_set_controll is unknown",
		"rfc2217://host:4000?a=%zz":            "%zz",
	} {
		if got, err := rfc2217.Parse(name); !errors.Is(err, rfc2217.ErrURL) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %+v, %v; want one that says %s", name, got, err, says)
		}
	}
}

func TestListen(t *testing.T) {
	l, err := rfc2217.Listen("rfc2217://127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := rfc2217.Listen("rfc2217://" + l.Addr().String()); err == nil || !strings.Contains(err.Error(), "in use") || errors.Is(err, rfc2217.ErrURL) {
		t.Errorf("an address in use: %v", err)
	}
	if _, err := rfc2217.Listen("4000"); !errors.Is(err, rfc2217.ErrURL) {
		t.Error(err)
	}
	var dns *net.DNSError
	if _, err := rfc2217.Listen("rfc2217://nobody.invalid:4000"); !errors.As(err, &dns) {
		t.Errorf("a host that does not exist: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("rfc2217://host:4000?timeout=3")
	f.Fuzz(func(t *testing.T, name string) {
		if a, err := rfc2217.Parse(name); err != nil && !errors.Is(err, rfc2217.ErrURL) || err == nil && !strings.Contains(a.HostPort, ":") {
			t.Errorf("%q: %+v, %v", name, a, err)
		}
	})
}
