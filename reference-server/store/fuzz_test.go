package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
)

// smallLog returns a sound log of pages of 512 bytes, each a commit.
func smallLog(frames int) []byte {
	log := make([]byte, logHeader)
	binary.BigEndian.PutUint32(log, logMagic)
	binary.BigEndian.PutUint32(log[8:], 512)
	copy(log[16:], "salt of8")
	sum := checksum{order: binary.LittleEndian}
	sum.add(log[:24])
	binary.BigEndian.PutUint32(log[24:], sum.s0)
	binary.BigEndian.PutUint32(log[28:], sum.s1)
	for n := range frames {
		frame := make([]byte, frameHeader+512)
		binary.BigEndian.PutUint32(frame, uint32(n+1))
		binary.BigEndian.PutUint32(frame[4:], uint32(n+1))
		copy(frame[8:], "salt of8")
		sum.add(frame[:8])
		sum.add(frame[frameHeader:])
		binary.BigEndian.PutUint32(frame[16:], sum.s0)
		binary.BigEndian.PutUint32(frame[20:], sum.s1)
		log = append(log, frame...)
	}
	return log
}

// Whatever is in a log, the check ends with a verdict; and what passes still
// passes when a crash takes away its end.
func FuzzLog(f *testing.F) {
	sound := smallLog(4)
	if err := scanLog(bytes.NewReader(sound)); err != nil {
		f.Fatal(err)
	}
	damaged := bytes.Clone(sound)
	damaged[logHeader+frameHeader]++
	if err := scanLog(bytes.NewReader(damaged)); !errors.Is(err, ErrCorrupt) {
		f.Fatal(err)
	}
	f.Add(sound, uint(700))
	f.Add([]byte("7\x7f\x06\x82"), uint(2))
	f.Fuzz(func(t *testing.T, log []byte, end uint) {
		err := scanLog(bytes.NewReader(log))
		if err != nil && !errors.Is(err, ErrCorrupt) {
			t.Errorf("%v is of no class", err)
		}
		if err == nil && end < uint(len(log)) {
			if err := scanLog(bytes.NewReader(log[:end])); err != nil {
				t.Errorf("sound, and not when cut off at %d of %d: %v", end, len(log), err)
			}
		}
	})
}
