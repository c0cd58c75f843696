package powercut

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// somebody is a device that was alpha and has sent up to 20, and whose power was
// cut once since, while it was made beta.
func somebody() *ledger {
	l := (&ledger{was: alpha, wanted: &beta, losses: 1}).clone()
	l.spent[alpha.pass] = 21
	return l
}

func greets(id string, next uint64) hello {
	return hello{Device: hexOf(id), Next: &next, Store: "ok"}
}

func TestGreeted(t *testing.T) {
	for _, tt := range []struct {
		h    hello
		says string // "": right
	}{
		{greets("alpha", 21), ""},
		{greets("alpha", 22), ""},
		{greets("beta-2", 40), ""},
		{greets("beta-2", 41), ""},
		{greets("alpha", 20), "repeated"},
		{greets("alpha", 23), "2 are skipped at 1 cuts"},
		{greets("beta-2", 39), "repeated"},
		{greets("beta-2", 42), "skipped"},
		{greets("beta-2", 21), "repeated"},
		{greets("alpha", 40), "skipped"},
		{greets("gamma", 21), "never was"},
		{greets("", 21), "never was"},
		{hello{Store: "empty"}, `"empty"`},
		{hello{Store: "damaged"}, `"damaged"`},
		{hello{Device: hexOf("alpha"), Store: "ok"}, "no next number"},
	} {
		err := somebody().greeted(tt.h)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%+v: %v", tt.h, err)
		}
	}
}

// One that was nobody may stay so, in whatever state its store is.
func TestNobody(t *testing.T) {
	for _, store := range []string{"empty", "damaged"} {
		l := (&ledger{wanted: &alpha, losses: 1}).clone()
		if err := l.greeted(hello{Store: store}); err != nil || l.was.id != "" {
			t.Errorf("%s: %v", store, err)
		}
	}
	l := (&ledger{wanted: &alpha, losses: 1}).clone()
	if err := l.greeted(greets("alpha", 10)); err != nil || l.was != alpha {
		t.Errorf("alpha: %v", err)
	}
	if err := (&ledger{losses: 1}).clone().greeted(greets("alpha", 10)); err == nil {
		t.Error("nobody has made it alpha")
	}
}

func sealedAs(id, pass string, n int) message {
	text, _ := json.Marshal(map[string]any{"data": 1, "SEQN": n})
	return message{id, envelope.Seal(pass, [8]byte{1}, text)}
}

func TestSent(t *testing.T) {
	for _, tt := range []struct {
		m    message
		says string
	}{
		{sealedAs("alpha", alpha.pass, 21), ""},
		{sealedAs("alpha", alpha.pass, 22), ""},
		{sealedAs("alpha", alpha.pass, 20), "repeated"},
		{sealedAs("alpha", alpha.pass, 0), "repeated"},
		{sealedAs("alpha", alpha.pass, 23), "2 are skipped at 1 cuts"},
		{sealedAs("alpha", beta.pass, 21), "does not open"},
		{sealedAs("beta-2", alpha.pass, 21), "posts as"},
	} {
		l := somebody()
		err := l.sent(tt.m)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%+v: %v", tt.m, err)
		}
	}
	l := somebody()
	for _, n := range []int{22, 23} {
		if err := l.sent(sealedAs("alpha", alpha.pass, n)); err != nil {
			t.Error(err)
		}
	}
	if l.seen != 2 || l.missed != 1 {
		t.Errorf("%d seen, %d missed", l.seen, l.missed)
	}
	if err := l.sent(sealedAs("alpha", alpha.pass, 25)); err == nil {
		t.Error("a number is skipped without a cut")
	}
}

func TestProvisioned(t *testing.T) {
	for next, right := range map[uint64]bool{39: false, 40: true, 41: true, 42: false} {
		if err := somebody().provisioned(next); (err == nil) != right {
			t.Errorf("%d: %v", next, err)
		}
	}
}

func FuzzCarried(f *testing.F) {
	f.Add([]byte(`{"http":{"request":"504f5354"}}`))
	f.Fuzz(func(t *testing.T, p []byte) {
		var r record
		if json.Unmarshal(p, &r) == nil {
			_, _ = carried(r)
		}
	})
}
