package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// entry is a line of the journal: a provisioning, or an accepted reading with
// the number that is next after it.
type entry struct {
	ID         string
	Passphrase *string `json:",omitempty"`
	Next       uint64
	Reading    *reading `json:",omitempty"`
}

// journal is what outlives the program: one line of JSON for each entry, which
// is on the disk before OK is said.
type journal struct {
	keep        func(data []byte) []byte                 // data, as it is stored
	stored      func(old []reading, r reading) []reading // the readings with one more
	flush       func(w *bufio.Writer, f *os.File, e entry) error
	restored    func(next, journaled uint64) uint64 // next, as a start finds it
	reprovision func(next, asked uint64) uint64     // next, after provisioning anew

	file      *os.File
	lines     *bufio.Writer
	replaying bool
}

var rightJournal = journal{
	keep:   func(data []byte) []byte { return data },
	stored: func(old []reading, r reading) []reading { return append(old, r) },
	flush: func(w *bufio.Writer, f *os.File, _ entry) error {
		return errors.Join(w.Flush(), f.Sync())
	},
	restored:    func(_, journaled uint64) uint64 { return journaled },
	reprovision: func(next, asked uint64) uint64 { return max(next, asked) },
}

// load replays the journal and keeps it open for more. Half a line at its end,
// which nobody was told OK for, is cut off. Without a path nothing is kept.
func (b *backend) load(path string) error {
	if path == "" {
		return nil
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	b.replaying = true
	whole := int64(0)
	for lines := bufio.NewReader(f); ; {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		var e entry
		if err == nil {
			err = json.Unmarshal(line, &e)
		}
		if err != nil {
			return fmt.Errorf("%s, from byte %d: %w", path, whole, err)
		}
		b.apply(e)
		whole += int64(len(line))
	}
	b.replaying = false
	b.file, b.lines = f, bufio.NewWriterSize(f, 1<<20)
	if err := f.Truncate(whole); err != nil {
		return err
	}
	_, err = f.Seek(whole, io.SeekStart)
	return err
}

// apply makes an entry count.
func (b *backend) apply(e entry) {
	d := b.devices[e.ID]
	if e.Passphrase != nil {
		if d == nil || d.passphrase != *e.Passphrase {
			b.devices[e.ID] = &device{ID: e.ID, passphrase: *e.Passphrase, Next: e.Next, first: e.Next}
			return
		}
		d.Next = b.reprovision(d.Next, e.Next)
		return
	}
	d.Missing += b.skipped(d, e.Reading.SEQN)
	d.Accepted++
	d.LastSeen = e.Reading.Received
	d.readings = b.stored(d.readings, *e.Reading)
	if b.replaying {
		d.Next = b.restored(d.Next, e.Next)
	} else {
		d.Next = e.Next
	}
}

// write appends an entry to the journal.
func (b *backend) write(e entry) {
	if b.file == nil {
		return
	}
	err := json.NewEncoder(b.lines).Encode(e)
	if err = errors.Join(err, b.flush(b.lines, b.file, e)); err != nil {
		fmt.Fprintln(os.Stderr, "backend:", err)
		os.Exit(21) // there is no honest answer left
	}
}

// provision makes a device known.
func (b *backend) provision(id, passphrase string, next uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := entry{ID: id, Passphrase: &passphrase, Next: next}
	b.apply(e)
	b.write(e)
}

func (b *backend) close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return nil
	}
	err := errors.Join(b.lines.Flush(), b.file.Close())
	if errors.Is(err, fs.ErrClosed) {
		return nil
	}
	return err
}

// rewrite sends data through a map, as many a handler does.
func rewrite(data []byte) []byte {
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

var storeFaults = []fault{
	{"forgets", func(b *backend) {
		b.restored = func(next, _ uint64) uint64 { return next }
	}},
	{"buffers", func(b *backend) {
		b.flush = func(w *bufio.Writer, f *os.File, e entry) error {
			if e.Passphrase == nil {
				return nil
			}
			return w.Flush()
		}
	}},
	{"commits-in-batches", func(b *backend) {
		const batch = 10 * time.Second
		due := false
		b.flush = func(w *bufio.Writer, f *os.File, e entry) error {
			if e.Passphrase != nil {
				return w.Flush()
			}
			if !due {
				due = true
				time.AfterFunc(batch, func() {
					b.mu.Lock()
					defer b.mu.Unlock()
					due = false
					w.Flush()
				})
			}
			return nil
		}
	}},
	{"provisioning-lowers", func(b *backend) {
		b.reprovision = func(_, asked uint64) uint64 { return asked }
	}},
	{"loses-readings", func(b *backend) {
		b.stored = func(old []reading, r reading) []reading {
			if b.replaying {
				return old
			}
			return append(old, r)
		}
	}},
	{"drops-data", func(b *backend) {
		b.stored = func(old []reading, _ reading) []reading { return old }
	}},
	{"stores-twice", func(b *backend) {
		b.stored = func(old []reading, r reading) []reading { return append(old, r, r) }
	}},
	{"stores-unopened", func(b *backend) {
		b.refused = func(d *device, at stage, got reading) {
			if at != atSequence {
				d.readings = append(d.readings, reading{Received: time.Now(), Data: []byte("null")})
			}
		}
	}},
	{"rewrites-data", func(b *backend) { b.keep = rewrite }},
	{"truncates-data", func(b *backend) {
		b.keep = func(data []byte) []byte {
			if len(data) <= 256 {
				return data
			}
			p, _ := json.Marshal(string(data[:256])) // a string: cannot fail
			return p
		}
	}},
	{"stores-refused", func(b *backend) {
		b.refused = func(d *device, at stage, got reading) {
			if at == atSequence {
				got.Received = time.Now()
				d.readings = append(d.readings, got)
			}
		}
	}},
}
