package main

import (
	"sync"
	"time"
)

// device is the state of one device, and what its admin API shows.
type device struct {
	ID         string    `json:"device"`
	Next       uint64    `json:"next"`
	Accepted   uint64    `json:"accepted"`
	Missing    uint64    `json:"missing"`
	LastSeen   time.Time `json:"lastSeen"`
	passphrase string
	first      uint64 // next, as it was provisioned
	readings   []reading
}

type reading struct {
	SEQN     uint64
	Received time.Time
	Data     []byte // JSON as it came, which encoding/json would write anew
}

// stage is where a message was refused. A backend that is right does not tell.
type stage string

const (
	atBody     stage = "body"
	atDevice   stage = "device"
	atOuter    stage = "outer base64"
	atMagic    stage = "magic"
	atLength   stage = "length"
	atPadding  stage = "padding"
	atInner    stage = "inner base64"
	atObject   stage = "object"
	atSEQN     stage = "SEQN"
	atSequence stage = "replayed"
)

// refusal says why a message is refused, and what was known of it by then.
type refusal struct {
	at    stage
	id    string
	plain []byte  // decrypted, if it came to that
	known *device // if it is
}

// backend is a backend as it should be, step by step. A fault replaces a step.
type backend struct {
	codec
	numbers
	sequence
	journal
	replies
	web
	resync

	mu      sync.Mutex
	devices map[string]*device
	closing chan struct{}
}

func newBackend() *backend {
	b := &backend{devices: map[string]*device{}, closing: make(chan struct{})}
	b.codec, b.numbers, b.sequence = rightCodec, rightNumbers, rightSequence(b)
	b.journal, b.replies, b.web, b.resync = rightJournal, rightReplies, rightWeb(b), rightResync
	return b
}

// accept judges one message and returns why it is refused, or nil.
func (b *backend) accept(id, msg string) *refusal {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.lookup(id)
	if d == nil {
		return &refusal{at: atDevice, id: id}
	}
	plain, at := b.open(d.passphrase, msg)
	var got reading
	if at == "" {
		got, at = b.understand(d, plain)
	}
	if at == "" && !b.ahead(d, got.SEQN, msg) {
		at = atSequence
	}
	if at != "" {
		b.refused(d, at, got)
		return &refusal{at, id, plain, d}
	}
	if b.between != nil {
		b.mu.Unlock()
		b.between()
		b.mu.Lock()
	}
	got.Received = time.Now()
	got.Data = b.keep(got.Data)
	e := entry{ID: d.ID, Reading: &got, Next: b.after(d, got.SEQN)}
	b.apply(e)
	b.write(e)
	return nil
}

// understand makes a reading of decrypted text.
func (b *backend) understand(d *device, plain []byte) (r reading, at stage) {
	number, data, ok := b.members(plain)
	if !ok {
		if n, isNumber := b.number(number); isNumber && b.hasty != nil {
			b.hasty(d, n)
		}
		return r, atObject
	}
	if r.SEQN, ok = b.number(number); !ok {
		return reading{Data: data}, atSEQN
	}
	r.Data = data
	return r, ""
}
