package envelope

import (
	"bytes"
	"encoding/base64"
	"testing"
)

// decode takes what the strict decoder of encoding/base64 takes, line breaks
// excepted, and finds the same in it; into another slice or in place.
func FuzzDecode(f *testing.F) {
	for n := range 20 { // each length of the last group, behind zero to three pairs of groups
		f.Add([]byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xfb}, n))))
	}
	for _, s := range []string{"=", "====", "A===", "AA=A", "AB==", "AAB=", "AAA", "AA==AAAA", "AAAA====", "AAAA\nAAA", "AAAAAAA-AAAA"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		want, wantErr := base64.StdEncoding.Strict().AppendDecode(nil, text)
		broken := wantErr != nil || bytes.ContainsAny(text, "\r\n")

		got, err := decode(make([]byte, len(text)/4*3), text)
		if (err != nil) != broken || err != nil && got != nil {
			t.Fatalf("%q: %q, %v; encoding/base64 says %v", text, got, err, wantErr)
		}
		if err == nil && !bytes.Equal(got, want) {
			t.Errorf("%q: % x, want % x", text, got, want)
		}
		place := bytes.Clone(text)
		if got2, err2 := decode(place, place); (err2 == nil) != (err == nil) || !bytes.Equal(got, got2) {
			t.Errorf("%q: in place % x, %v; otherwise % x, %v", text, got2, err2, got, err)
		}
	})
}
