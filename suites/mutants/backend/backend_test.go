package main

import (
	"encoding/base64"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

const swordfish = "swordfish"

func sealed(plain string) string { return envelope.Seal(swordfish, [8]byte{1, 2, 3}, []byte(plain)) }

// Without a fault the backend takes what the reference server's codec takes, and
// nothing else: texts that are edited, and envelopes that are.
func TestNoFaultIsTheCodec(t *testing.T) {
	b := newBackend()
	r := rand.New(rand.NewPCG(1, 2))
	texts := []string{
		`{"data":{"value":300},"SEQN":121}`, `{"SEQN":0,"data":null}`, `{"data":1,"SEQN":9007199254740990}`, `{"data":1,"SEQN":9007199254740991}`,
		`{"data":1,"SEQN":121.0}`, `{"data":1,"SEQN":1.21e2}`, `{"data":1,"SEQN":-0}`, `{"data":1,"SEQN":"121"}`, `{"data":1,"SEQN":[121]}`, `{"data":1,"SEQN":null}`,
		`{"data":1}`, `{"SEQN":1}`, `{"data":1,"seqn":1}`, `{"Data":1,"SEQN":1}`, `{"data":1,"SEQN":1,"SEQN":1}`, `{"data":1,"SEQN":1}{}`, `{"data":1,"SEQN":1,"x":[]}`,
		`[]`, ``, `{`, "{\"data\":\"\xff\",\"SEQN\":1}", `{"d\u0061ta":1,"SEQN":1}`, `{"data":1,"SEQN":18446744073709551616}`,
	}
	taken := 0
	compare := func(msg string) {
		t.Helper()
		want, err := envelope.Open(swordfish, msg)
		plain, at := b.open(swordfish, msg)
		var got reading
		if at == "" {
			got, at = b.understand(&device{}, plain)
		}
		if (err == nil) != (at == "") || err == nil && (got.SEQN != want.SEQN || string(got.Data) != string(want.Data)) {
			t.Errorf("%q: %v, %q, want %v, %v", msg, got, at, want, err)
		}
		if err == nil {
			taken++
		}
	}
	for _, text := range texts {
		compare(sealed(text))
	}
	raw, err := base64.StdEncoding.DecodeString(sealed(texts[0]))
	if err != nil {
		t.Fatal(err)
	}
	for range 20_000 {
		p := append([]byte(nil), raw...)
		for range 1 + r.IntN(2) {
			p[r.IntN(len(p))] ^= 1 << r.IntN(8)
		}
		compare(base64.StdEncoding.EncodeToString(p[:len(p)-r.IntN(2)*r.IntN(len(p))]))
		text := []byte(base64.StdEncoding.EncodeToString(raw))
		text[r.IntN(len(text))] = byte(r.IntN(256))
		compare(string(text))
	}
	if taken < 5 {
		t.Errorf("only %d were taken", taken)
	}
}

// A window of nanoseconds between two locks is there, though copies of one
// message hardly fall into it: two are let in once in some thousand rounds.
func TestWindowOfNanoseconds(t *testing.T) {
	const rounds = 1_000_000
	for name, want := range map[string]bool{"": false, "race-ns": true} {
		b := newBackend()
		if f, found := find(name); found {
			f.plant(b)
		}
		b.provision("12FA", swordfish, 0)
		msg := sealed(`{"data":1,"SEQN":0}`)
		hits, round := 0, 0
		for ; round < rounds && (hits == 0 || !want); round++ {
			b.devices["12FA"].Next = 0
			var both sync.WaitGroup
			var refused [2]*refusal
			for i := range refused {
				both.Go(func() { refused[i] = b.accept("12FA", msg) })
			}
			both.Wait()
			if refused[0] == nil && refused[1] == nil {
				hits++
			}
			if !want && round > 5000 {
				break
			}
		}
		t.Logf("%q: %d hits in %d rounds", name, hits, round)
		if (hits > 0) != want {
			t.Errorf("%q: %d hits in %d rounds", name, hits, round)
		}
	}
}

// What a fault replaces is one step: planted twice, or after each other, faults
// do not pile up in a backend made anew.
func TestFaultsAreNotShared(t *testing.T) {
	for _, f := range faults {
		f.plant(newBackend())
	}
	b := newBackend()
	b.provision("12FA", swordfish, 121)
	if why := b.accept("12FA", sealed(`{"data":1,"SEQN":121}`)); why != nil {
		t.Errorf("a good message: %+v", why)
	}
	if why := b.accept("12FA", sealed(`{"data":1,"SEQN":121}`)); why == nil || why.at != atSequence {
		t.Errorf("its replay: %+v", why)
	}
}
