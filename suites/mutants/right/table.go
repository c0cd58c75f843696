package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// table keeps everything in a map under one lock. It reads JSON by the tokens
// of encoding/json: the last of two equal keys wins, and 121.0 is 121, which
// profile core leaves open.
type table struct {
	mu      sync.Mutex
	devices map[string]*row
}

type row struct {
	device
	readings []reading
}

func (t *table) provision(id, passphrase string, next uint64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.devices[id]
	if r == nil || r.passphrase != passphrase {
		t.devices[id] = &row{device: device{ID: id, Next: next, passphrase: passphrase}}
		return nil
	}
	r.Next = max(r.Next, next)
	return nil
}

func (t *table) device(id string) (device, []reading, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.devices[id]
	if r == nil {
		return device{}, nil, false
	}
	return r.device, r.readings, true
}

func (t *table) accept(id, msg string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := t.devices[id]
	if r == nil {
		return errUnknown
	}
	plain, err := envelope.OpenPlain(r.passphrase, msg)
	if err != nil {
		return errEnvelope
	}
	got, err := tokens(plain)
	if err != nil {
		return errReading
	}
	if got.SEQN < r.Next {
		return errReplayed
	}
	r.take(got.SEQN)
	r.readings = append(r.readings, got)
	return nil
}

// tokens reads the inner JSON.
func tokens(plain []byte) (r reading, err error) {
	dec := json.NewDecoder(bytes.NewReader(plain))
	if start, err := dec.Token(); err != nil || start != json.Delim('{') || !utf8.Valid(plain) {
		return r, errReading
	}
	values := map[string]json.RawMessage{}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return r, err
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return r, err
		}
		values[key.(string)] = value
	}
	if _, err := dec.Token(); err != nil { // the brace
		return r, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return r, errReading
	}
	number := string(values["SEQN"])
	n, ok := new(big.Rat), len(number) > 0 && len(number) < 20 && (number[0] == '-' || number[0] >= '0' && number[0] <= '9')
	if ok {
		n, ok = n.SetString(number)
	}
	if !ok || values["data"] == nil || !n.IsInt() || n.Sign() < 0 || !n.Num().IsUint64() || n.Num().Uint64() > seqn.Max {
		return r, errReading
	}
	return reading{n.Num().Uint64(), time.Now(), values["data"]}, nil
}

func (t *table) refuse(w http.ResponseWriter, _ error) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusBadRequest)
	fmt.Fprint(w, "<!DOCTYPE html><title>Bad Request</title><h1>Bad Request</h1><p>The reading was not taken.")
}

func (t *table) close() error { return nil }
