package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"
	"time"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// ledger appends each message to a file, flushes the file, and then says OK. A
// start reads the file from its beginning.
type ledger struct {
	uniform
	mu      sync.Mutex
	file    *os.File
	devices map[string]*account
}

// account is a device's state, which the file adds up to.
type account struct {
	seqn.Window
	passphrase string
	readings   []reading
}

// line is a line of the file: a reading, or else a provisioning.
type line struct {
	ID         string
	Passphrase string
	Next       uint64
	Reading    *reading
}

func openLog(file string) (kind, error) {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	l := &ledger{file: f, devices: map[string]*account{}}
	whole := int64(0)
	for lines := bufio.NewReader(f); ; {
		text, err := lines.ReadBytes('\n')
		if err == io.EOF {
			break // half a line is no line: nobody heard OK
		}
		var said line
		if err != nil || json.Unmarshal(text, &said) != nil || l.count(said) != nil {
			return nil, errors.Join(errors.New("log: not ours: "+file), f.Close())
		}
		whole += int64(len(text))
	}
	if err := f.Truncate(whole); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	_, err = f.Seek(whole, io.SeekStart)
	return l, err
}

// count adds a line to the accounts.
func (l *ledger) count(said line) error {
	a := l.devices[said.ID]
	switch {
	case said.Reading != nil:
		if err := a.Accept(said.Reading.SEQN); err != nil {
			return err
		}
		a.readings = append(a.readings, *said.Reading)
	case a == nil || a.passphrase != said.Passphrase:
		l.devices[said.ID] = &account{Window: seqn.Window{Next: said.Next}, passphrase: said.Passphrase}
	default:
		a.Next = max(a.Next, said.Next)
	}
	return nil
}

// write puts a line on the disk. Where that fails nobody knows what is there,
// and the program ends without an answer.
func (l *ledger) write(said line) {
	text, err := json.Marshal(said)
	if err == nil {
		_, err = l.file.Write(append(text, '\n'))
	}
	if err = errors.Join(err, l.file.Sync()); err != nil {
		os.Stderr.WriteString("right: " + err.Error() + "\n")
		os.Exit(21)
	}
}

func (l *ledger) provision(id, passphrase string, next uint64) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	said := line{ID: id, Passphrase: passphrase, Next: next}
	l.write(said)
	return l.count(said)
}

func (l *ledger) device(id string) (device, []reading, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.devices[id]
	if a == nil {
		return device{}, nil, false
	}
	return device{ID: id, Next: a.Next, Accepted: a.Accepted, Missing: a.Missing}, a.readings, true
}

func (l *ledger) accept(id, msg string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.devices[id]
	if a == nil {
		return errUnknown
	}
	got, err := envelope.Open(a.passphrase, msg)
	if err != nil {
		return err
	}
	if got.SEQN < a.Next {
		return errReplayed
	}
	said := line{ID: id, Reading: &reading{got.SEQN, time.Now(), got.Data}}
	l.write(said)
	return l.count(said)
}

func (l *ledger) close() error { return l.file.Close() }
