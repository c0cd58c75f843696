package envelope_test

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// encrypt makes an envelope by hand around whole blocks that may be padded
// wrongly.
func encrypt(t *testing.T, header string, blocks string) string {
	t.Helper()
	key, iv := envelope.DeriveKey(knownPassphrase, knownSalt)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		t.Fatal(err)
	}
	text := []byte(blocks)
	cipher.NewCBCEncrypter(block, iv[:]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(append([]byte(header), text...))
}

// Each row breaks one thing, and is refused at that stage, not at a later one.
func TestOpenRefuses(t *testing.T) {
	const (
		header = "Salted__\x01\x02\x03\x04\x05\x06\x07\x08"
		inner  = "eyJkYXRhIjp7InZhbHVlIjozMDB9LCJTRVFOIjoxMjF9" // 44 characters: 4 bytes of padding
	)
	blocks := inner + "\x04\x04\x04\x04"
	raw := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	if got := encrypt(t, header, blocks); got != knownMsg {
		t.Fatalf("the row without a fault is %s, want %s", got, knownMsg)
	}
	for _, tt := range []struct {
		name, msg string
		want      error
	}{
		{"padding of base64 missing", strings.TrimRight(knownMsg, "="), envelope.ErrOuterBase64},
		{"text after the padding", knownMsg + "AAAA", envelope.ErrOuterBase64},
		{"text after one =", knownMsg[:len(knownMsg)-1] + "A=", envelope.ErrOuterBase64},
		{"trailing bits not zero", strings.Replace(knownMsg, "Nw==", "Nx==", 1), envelope.ErrOuterBase64},
		{"line break at the end", knownMsg + "\n", envelope.ErrOuterBase64},
		{"line break inside", knownMsg[:64] + "\r\n" + knownMsg[64:], envelope.ErrOuterBase64},
		{"space inside", knownMsg[:64] + " " + knownMsg[64:], envelope.ErrOuterBase64},
		{"URL alphabet", "U2FsdGVkX18-_w==", envelope.ErrOuterBase64},
		{"not ASCII", "é" + knownMsg, envelope.ErrOuterBase64},

		{"empty", "", envelope.ErrMagic},
		{"magic cut off", raw("Salted_"), envelope.ErrMagic},
		{"magic in other case", encrypt(t, "salted__\x01\x02\x03\x04\x05\x06\x07\x08", blocks), envelope.ErrMagic},
		{"no magic", encrypt(t, "", blocks), envelope.ErrMagic},

		{"magic alone", raw("Salted__"), envelope.ErrLength},
		{"salt cut off", raw("Salted__1234567"), envelope.ErrLength},
		{"no ciphertext", raw(header), envelope.ErrLength},
		{"a byte short of a block", raw(header + strings.Repeat("x", 15)), envelope.ErrLength},
		{"a byte more than a block", raw(header + strings.Repeat("x", 17)), envelope.ErrLength},

		{"padded with 0", encrypt(t, header, inner+"\x04\x04\x04\x00"), envelope.ErrPadding},
		{"padded with 17", encrypt(t, header, inner+"\x11\x11\x11\x11"), envelope.ErrPadding},
		{"padded with 255", encrypt(t, header, inner+"\xff\xff\xff\xff"), envelope.ErrPadding},
		{"zero padding, as X9.23", encrypt(t, header, inner+"\x00\x00\x00\x04"), envelope.ErrPadding},
		{"random padding, as ISO 10126", encrypt(t, header, inner+"\x5e\x21\x9b\x04"), envelope.ErrPadding},
		{"first padding byte wrong", encrypt(t, header, inner+"\x05\x04\x04\x04"), envelope.ErrPadding},
		{"padding claims a byte of text", encrypt(t, header, inner+"\x05\x05\x05\x05"), envelope.ErrPadding},

		{"a padding byte too few", encrypt(t, header, inner+"\x04\x03\x03\x03"), envelope.ErrInnerBase64},
		{"inner padding of base64 missing", encrypt(t, header, "eyJkYXRhIjoxLCJTRVFOIjoxfQ"+strings.Repeat("\x06", 6)), envelope.ErrInnerBase64},
		{"inner trailing bits not zero", encrypt(t, header, "eyJkYXRhIjoxLCJTRVFOIjoxfR=="+strings.Repeat("\x04", 4)), envelope.ErrInnerBase64},
		{"inner line break at the end", encrypt(t, header, inner+"\n"+"\x03\x03\x03"), envelope.ErrInnerBase64},
		{"JSON without inner base64", encrypt(t, header, `{"data":1,"SEQN":121}`+strings.Repeat("\x0b", 11)), envelope.ErrInnerBase64},

		{"only padding", encrypt(t, header, strings.Repeat("\x10", 16)), envelope.ErrJSON},
	} {
		r, err := envelope.Open(knownPassphrase, tt.msg)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if err != nil && (r.SEQN != 0 || r.Data != nil) {
			t.Errorf("%s: refused, but a reading came along: %d, %s", tt.name, r.SEQN, r.Data)
		}
	}
}

// The published forgery: one byte changed without the key turns SEQN 121 into
// 921. The block that was touched decrypts to noise, which a lenient base64
// decoder skips; strict inner base64 is all that stops it.
func TestOpenRefusesKeylessForgery(t *testing.T) {
	const genuine = "U2FsdGVkX18RIjNEVWZ3iNgXHhr1pV0+MSr1YSGclV8ozx8LLY2HDHx3bBcvNhL9" +
		"yyRUMW2HCN6VXDKga2HumEEi6aq51b2fwe0DtrK0qgFE+cHQjgF1IrI19mMbj4eg"
	if r, err := envelope.Open(knownPassphrase, genuine); err != nil || r.SEQN != 121 {
		t.Fatalf("genuine envelope: %d, %v", r.SEQN, err)
	}
	raw, err := base64.StdEncoding.DecodeString(genuine)
	if err != nil {
		t.Fatal(err)
	}
	raw[62] ^= 0x2e
	if _, err := envelope.Open(knownPassphrase, base64.StdEncoding.EncodeToString(raw)); !errors.Is(err, envelope.ErrInnerBase64) {
		t.Errorf("forged envelope: %v, want %v", err, envelope.ErrInnerBase64)
	}
}

// No single changed byte of this envelope gets through, key or no key.
func TestOpenRefusesEveryChangedByte(t *testing.T) {
	raw, err := base64.StdEncoding.DecodeString(knownMsg)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		for delta := 1; delta < 256; delta++ {
			raw[i] ^= byte(delta)
			if r, err := envelope.Open(knownPassphrase, base64.StdEncoding.EncodeToString(raw)); err == nil {
				t.Errorf("byte %d changed by %#02x: accepted as %d, %s", i, delta, r.SEQN, r.Data)
			}
			raw[i] ^= byte(delta)
		}
	}
}

func TestOpenRefusesOtherKeys(t *testing.T) {
	for _, passphrase := range []string{"", "correct horse ", "Correct horse", "correct hors", "correct horse\x00"} {
		if _, err := envelope.Open(passphrase, knownMsg); err == nil {
			t.Errorf("opens under %q", passphrase)
		}
	}
}

// What the plaintext was must not leak through errors into a log.
func TestErrorsQuoteNothing(t *testing.T) {
	for _, plain := range []string{
		`{"data":"confidential"}`,
		`{"data":"confidential","SEQN":"confidential"}`,
		`{"confidential":1,"confidential":2,"data":1,"SEQN":1}`,
		`{"data":confidential,"SEQN":1}`,
	} {
		_, err := envelope.Open(knownPassphrase, envelope.Seal(knownPassphrase, knownSalt, []byte(plain)))
		if err == nil || strings.Contains(err.Error(), "confid") {
			t.Errorf("%s: %v", plain, err)
		}
	}
}
