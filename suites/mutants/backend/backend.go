package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
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
	locked     bool
	seen       []string // envelopes, for forgets-replays
}

type reading struct {
	SEQN     uint64          `json:"seqn"`
	Received time.Time       `json:"received"`
	Data     json.RawMessage `json:"data"`
}

// entry is a line of the journal: a provisioning, or an accepted reading.
type entry struct {
	ID         string
	Passphrase *string  `json:",omitempty"`
	Next       uint64   `json:",omitempty"`
	Reading    *reading `json:",omitempty"`
}

type backend struct {
	fault   fault
	mu      sync.Mutex
	devices map[string]*device
	file    *os.File
	journal *bufio.Writer
}

// open replays the journal and keeps it open for more.
func (b *backend) open(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(f)
	for dec.More() {
		var e entry
		if err := dec.Decode(&e); err != nil {
			return err
		}
		b.apply(e)
	}
	b.file, b.journal = f, bufio.NewWriterSize(f, 1<<20)
	return nil
}

// apply makes an entry count.
func (b *backend) apply(e entry) {
	d := b.devices[e.ID]
	if e.Passphrase != nil {
		if d == nil {
			d = &device{ID: e.ID, Next: e.Next, first: e.Next}
			b.devices[e.ID] = d
		}
		d.passphrase, d.Next = *e.Passphrase, max(d.Next, e.Next)
		return
	}
	b.keep(d, *e.Reading, b.fault != forgets || b.journal != nil)
}

// keep stores a reading; count says whether it also moves next.
func (b *backend) keep(d *device, r reading, count bool) {
	if b.fault != missesGaps && d.Accepted > 0 && r.SEQN > d.Next {
		d.Missing += r.SEQN - d.Next
	}
	d.Accepted++
	d.LastSeen = r.Received
	if count {
		d.Next = r.SEQN + 1
	}
	if b.fault != dropsData {
		d.readings = append(d.readings, r)
	}
}

// write appends an entry to the journal; a buffered reading may never arrive.
func (b *backend) write(e entry) {
	json.NewEncoder(b.journal).Encode(e)
	if b.fault != buffers || e.Passphrase != nil {
		b.journal.Flush()
	}
}

func (b *backend) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	err := errors.Join(b.journal.Flush(), b.file.Close())
	if errors.Is(err, fs.ErrClosed) {
		return nil
	}
	return err
}

// accept judges one envelope and reports whether it is accepted.
func (b *backend) accept(id, msg string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.devices[id]
	if d == nil {
		if b.fault == adopts {
			b.devices[id] = &device{ID: id}
		}
		return false
	}
	got, err := open(b.fault, d.passphrase, msg)
	ok := err == nil && !d.locked && b.inTime(d, got.SEQN, msg)
	if b.fault == race && ok {
		// Node's single thread lets others in while it waits for its database.
		b.mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		b.mu.Lock()
	}
	if !ok {
		b.refuse(d)
		return false
	}
	r := reading{got.SEQN, time.Now(), got.Data}
	if b.fault == rewritesData {
		r.Data = rewrite(r.Data)
	}
	b.keep(d, r, true)
	b.write(entry{ID: id, Reading: &r})
	return true
}

// inTime reports whether a number may be accepted.
func (b *backend) inTime(d *device, seqn uint64, msg string) bool {
	switch b.fault {
	case offByOne:
		return seqn+1 >= d.Next
	case noGaps:
		return d.Accepted == 0 || seqn == d.Next
	case replaysAfter:
		for _, old := range d.seen {
			if old == msg {
				return false
			}
		}
		d.seen = append(d.seen, msg)
		d.seen = d.seen[max(0, len(d.seen)-3):]
		return true
	}
	return seqn >= d.Next
}

func (b *backend) refuse(d *device) {
	switch b.fault {
	case countsRefused:
		d.Next++
	case locksOut:
		d.locked = true
	}
}

// rewrite sends data through a map, as many a handler does.
func rewrite(data json.RawMessage) json.RawMessage {
	var v any
	if json.Unmarshal(data, &v) != nil {
		return data
	}
	p, err := json.Marshal(v)
	if err != nil {
		return data
	}
	return p
}

// open opens an envelope strictly, or as loosely as the fault says.
func open(f fault, passphrase, msg string) (envelope.Reading, error) {
	if f == lenient {
		return openLeniently(passphrase, msg)
	}
	return envelope.Open(passphrase, msg)
}
