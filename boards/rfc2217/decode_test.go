package rfc2217_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/boards/rfc2217"
)

// decoded takes a stream apart in pieces of n bytes. Data is joined, and each
// event is a word.
func decoded(stream []byte, n int) (words []string, data []byte, err error) {
	var d rfc2217.Decoder
	for len(stream) > 0 {
		piece := stream[:min(n, len(stream))]
		stream = stream[len(piece):]
		for len(piece) > 0 {
			var e rfc2217.Event
			if e, piece, err = d.Next(piece); err != nil {
				return words, data, err
			}
			switch e.Kind {
			case rfc2217.Data:
				data = append(data, e.Payload...)
			case rfc2217.Negotiation:
				words = append(words, fmt.Sprintf("%d %d", e.Verb, e.Option))
			case rfc2217.Subnegotiation:
				words = append(words, fmt.Sprintf("SB %d % x", e.Option, e.Payload))
			case rfc2217.Other:
				words = append(words, fmt.Sprint(e.Verb))
			}
		}
	}
	return words, data, nil
}

// The bytes are those of the RFCs, and of pyserial 3.5.
func TestDecode(t *testing.T) {
	for _, tt := range []struct {
		name, hex, words, data string
	}{
		{"data", "00c00dff ff0a", "", "\x00\xc0\x0d\xff\x0a"},
		{"will com port", "fffb2c", "251 44", ""},
		{"baud", "fffa2c01000124f8fff0", "SB 44 01 00 01 24 f8", ""},
		{"baud with an FF in it", "fffa2c01000fffff00fff0", "SB 44 01 00 0f ff 00", ""},
		{"between data", "61fffd00 62fffa2c0508fff063", "253 0,SB 44 05 08", "abc"},
		{"of another option", "fffa18 01fff0", "SB 24 01", ""},
		{"empty", "fffa2cfff0", "SB 44 ", ""},
		{"other commands", "fff6fff141", "246,241", "A"},
		{"end of nothing", "fff041", "240", "A"},
	} {
		stream, err := hex.DecodeString(strings.ReplaceAll(tt.hex, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, 2, 3, 100} {
			words, data, err := decoded(stream, n)
			if err != nil || strings.Join(words, ",") != tt.words || string(data) != tt.data {
				t.Errorf("%s by %d: %q, %q, %v", tt.name, n, words, data, err)
			}
		}
	}
}

func TestDecodeNonsense(t *testing.T) {
	long := append([]byte{255, 250, 44, 0}, bytes.Repeat([]byte{'x'}, 5000)...)
	for name, stream := range map[string][]byte{
		"FF 00":                      {255, 0},
		"a verb in a subnegotiation": {255, 250, 44, 255, 251, 44},
		"no option":                  {255, 250, 255, 240},
		"no end":                     long,
	} {
		for _, n := range []int{1, 7, len(stream)} {
			if _, _, err := decoded(stream, n); !errors.Is(err, rfc2217.ErrStream) {
				t.Errorf("%s by %d: %v", name, n, err)
			}
		}
	}
}

func TestCommand(t *testing.T) {
	for _, tt := range []struct {
		stream []byte
		want   string
	}{
		{rfc2217.AppendBaud(nil, rfc2217.SetBaud, 74880), "fffa2c0100012480fff0"},
		{rfc2217.AppendBaud(nil, rfc2217.Answer+rfc2217.SetBaud, 0xFF), "fffa2c65000000fffffff0"},
		{rfc2217.AppendCommand(nil, rfc2217.SetControl, byte(rfc2217.DTROn)), "fffa2c0508fff0"},
		{rfc2217.AppendNegotiation(nil, rfc2217.DO, rfc2217.Binary), "fffd00"},
		{rfc2217.AppendData(nil, []byte("\xfe\xff\x00")), "feffff00"},
	} {
		if got := hex.EncodeToString(tt.stream); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
	if got := (rfc2217.Answer + rfc2217.SetBaud).String(); got != "the answer to SET-BAUDRATE" {
		t.Error(got)
	}
}

// What is encoded comes out as it went in, in whatever pieces, and nothing
// makes a decoder panic or keep more than it should.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("data\xff\xff\xff\xfb\x2c\xff\xfa\x2c\x01\x00\x01\x24\x80\xff\xf0more"), 3)
	f.Add([]byte("\xff\xfa\x2c\xff\xff"), 1)
	f.Fuzz(func(t *testing.T, p []byte, n int) {
		n = 1 + n&0xFFF
		words, data, err := decoded(p, n)
		again, same, failed := decoded(p, 1)
		if (err == nil) != (failed == nil) || err == nil && (strings.Join(words, ",") != strings.Join(again, ",") || !bytes.Equal(data, same)) {
			t.Errorf("by %d: %q %q %v; by 1: %q %q %v", n, words, data, err, again, same, failed)
		}
		if len(p) > 1000 {
			return
		}
		stream := rfc2217.AppendCommand(rfc2217.AppendData(nil, p), rfc2217.Signature, p...)
		words, data, err = decoded(rfc2217.AppendData(stream, p), n)
		if want := fmt.Sprintf("SB 44 % x", append([]byte{0}, p...)); err != nil || len(words) != 1 || words[0] != want || string(data) != string(p)+string(p) {
			t.Errorf("%q, %q, %v", words, data, err)
		}
	})
}
