package forgery_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/suites/forgery"
)

const horse = "correct horse"

// Three lengths, so that the base64 ends in "", "=" and "==".
func messages() []string {
	var msgs []string
	for n := range 3 {
		plain := fmt.Sprintf(`{"data":{"value":"%0*d"},"SEQN":121}`, 12*(n+1), 300)
		msgs = append(msgs, envelope.Seal(horse, [8]byte{1, 2, 3, 4, 5, 6, 7, 8}, []byte(plain)))
	}
	return msgs
}

func TestEditsAreRefusedAndDiffer(t *testing.T) {
	for _, msg := range messages() {
		if _, err := envelope.Open(horse, msg); err != nil {
			t.Fatal(err)
		}
		edits, err := forgery.Edits(msg)
		if err != nil {
			t.Fatal(err)
		}
		sweep, err := forgery.Sweep(msg)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]string{msg: "the original"}
		for _, e := range append(edits, sweep...) {
			if r, err := envelope.Open(horse, e.Msg); err == nil {
				t.Errorf("an envelope %s opens to SEQN %d", e.Name, r.SEQN)
			}
			if e.Req == "REQ-ENV-007" {
				continue // the sweep may repeat an edit
			}
			if other, twice := seen[e.Msg]; twice {
				t.Errorf("%q is the same text as %q", e.Name, other)
			}
			seen[e.Msg] = e.Name
		}
	}
}

func TestShortEnvelopes(t *testing.T) {
	for _, msg := range []string{"", "U2FsdGVkX18BAgMEBQYHCA==", "U2FsdGVkX18BAgMEBQYHCMkOPuK2CkpnWxMOBANQlfA="} {
		if edits, err := forgery.Edits(msg); !errors.Is(err, forgery.ErrShort) || edits != nil {
			t.Errorf("Edits(%q) = %d edits, %v", msg, len(edits), err)
		}
	}
	if _, err := forgery.Edits("not base64!"); err == nil {
		t.Error("no error for text that is no base64")
	}
}
