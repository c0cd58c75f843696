package main

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/object"
	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// stage has a goroutine for each device, to which everything is sent. It opens
// envelopes as leniently as profile core allows: line breaks in base64, padding
// by its last byte.
type stage struct {
	mu     sync.Mutex
	actors map[string]actor
}

// actor is the way to a device's goroutine: what is sent there is done there.
type actor chan<- func(*role)

// role is what only that goroutine touches.
type role struct {
	device
	readings []reading
}

const farthest = 1 << 20 // how far a number may jump

func (s *stage) find(id string) (actor, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, known := s.actors[id]
	return a, known
}

// ask has an actor do something, and waits for it.
func (a actor) ask(do func(*role)) {
	done := make(chan struct{})
	a <- func(r *role) {
		defer close(done)
		do(r)
	}
	<-done
}

func (s *stage) provision(id, passphrase string, next uint64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, known := s.actors[id]; known {
		a.ask(func(r *role) {
			if r.passphrase == passphrase {
				r.Next = max(r.Next, next)
				return
			}
			*r = role{device: device{ID: id, Next: next, passphrase: passphrase}}
		})
		return nil
	}
	inbox := make(chan func(*role))
	s.actors[id] = inbox
	go func() {
		r := &role{device: device{ID: id, Next: next, passphrase: passphrase}}
		for do := range inbox {
			do(r)
		}
	}()
	return nil
}

func (s *stage) device(id string) (d device, readings []reading, known bool) {
	a, known := s.find(id)
	if known {
		a.ask(func(r *role) { d, readings = r.device, r.readings })
	}
	return d, readings, known
}

func (s *stage) accept(id, msg string) (err error) {
	a, known := s.find(id)
	if !known {
		return errUnknown
	}
	a.ask(func(r *role) { err = r.play(msg) })
	return err
}

func (r *role) play(msg string) error {
	plain, err := decrypt(r.passphrase, msg)
	if err != nil {
		return err
	}
	got := reading{Received: time.Now()}
	numbered := false
	err = object.Members(plain, func(key, value []byte) error {
		switch string(key) {
		case "SEQN":
			got.SEQN, numbered = digits(value)
		case "data":
			got.Data = value
		}
		return nil
	})
	switch {
	case err != nil || !numbered || got.Data == nil:
		return errReading
	case got.SEQN < r.Next:
		return errReplayed
	case got.SEQN-r.Next > farthest:
		return errFar
	}
	r.take(got.SEQN)
	r.readings = append(r.readings, got)
	return nil
}

func digits(value []byte) (n uint64, ok bool) {
	for _, c := range value {
		if n = n*10 + uint64(c-'0'); c < '0' || c > '9' || n > seqn.Max {
			return 0, false
		}
	}
	return n, true
}

// decrypt opens an envelope with what Go's libraries take.
func decrypt(passphrase, msg string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(msg)
	if err != nil || len(raw) < 32 || len(raw)%aes.BlockSize != 0 || string(raw[:8]) != "Salted__" {
		return nil, errEnvelope
	}
	key, iv := envelope.DeriveKey(passphrase, [8]byte(raw[8:]))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, errEnvelope
	}
	text := raw[16:]
	cipher.NewCBCDecrypter(block, iv[:]).CryptBlocks(text, text)
	n := int(text[len(text)-1])
	if n < 1 || n > aes.BlockSize {
		return nil, errEnvelope
	}
	plain, err := base64.StdEncoding.DecodeString(string(text[:len(text)-n]))
	if err != nil {
		return nil, errEnvelope
	}
	return plain, nil
}

func (s *stage) refuse(w http.ResponseWriter, why error) {
	for err, status := range map[error]int{
		errBody: http.StatusBadRequest, errUnknown: http.StatusNotFound, errEnvelope: http.StatusUnauthorized,
		errReading: http.StatusUnprocessableEntity, errReplayed: http.StatusConflict, errFar: http.StatusConflict,
	} {
		if errors.Is(why, err) {
			http.Error(w, http.StatusText(status), status)
		}
	}
}

func (s *stage) close() error { return nil }
