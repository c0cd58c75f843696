// Package slip frames packets for a serial line as the ESP8266 loader does, a
// close relative of RFC 1055:
//
//	frame = C0 body C0
//	body  = the packet, with C0 as DB DC and DB as DB DD
//
// The loader pardons much: it keeps an unknown escape as it stands and drops
// what does not fit. [Reader] pardons nothing inside a frame, because a damaged
// reply that is taken for a sound one is worse than none:
//
//   - Bytes between frames are not ours (a boot log, a firmware talking). They
//     are skipped and counted.
//   - C0 C0 is no frame. The second C0 opens the next one, so that a reader
//     that lost a delimiter finds its feet again.
//   - DB before anything but DC or DD is [ErrEscape], a packet longer than the
//     limit [ErrTooLong]. Either is reported once the frame has ended, and the
//     frame after it is read as if nothing had happened.
//   - A frame that is still open when the line reports an error is kept. If
//     that error was a timeout, the next call reads on.
package slip

import (
	"errors"
	"io"
)

// Errors that spoil one frame and leave the Reader usable.
var (
	ErrEscape  = errors.New("slip: escape byte DB before neither DC nor DD")
	ErrTooLong = errors.New("slip: packet longer than the limit")
)

const (
	end    = 0xC0
	esc    = 0xDB
	escEnd = 0xDC // after DB: C0
	escEsc = 0xDD // after DB: DB
)

// Append appends the frame of packet to dst and returns the longer slice. An
// empty packet gives C0 C0, which no receiver takes for a frame.
func Append(dst, packet []byte) []byte {
	dst = append(dst, end)
	for _, b := range packet {
		switch b {
		case end:
			dst = append(dst, esc, escEnd)
		case esc:
			dst = append(dst, esc, escEsc)
		default:
			dst = append(dst, b)
		}
	}
	return append(dst, end)
}

// A Reader takes packets out of a stream. It reads ahead, so nothing else may
// read the same stream. It is not safe for concurrent use.
type Reader struct {
	r     io.Reader
	limit int

	buf     [512]byte
	pending []byte // read from r and not yet looked at

	packet  []byte
	open    bool  // a C0 has come
	escaped bool  // a DB has come
	bad     error // why the open frame will be refused
	noise   int
}

// NewReader returns a Reader of packets of at most limit bytes.
func NewReader(r io.Reader, limit int) *Reader {
	return &Reader{r: r, limit: limit}
}

// ReadPacket returns the next packet, never an empty one. The bytes belong to
// the caller. An error other than ErrEscape and ErrTooLong is the one that the
// stream returned, unchanged.
func (r *Reader) ReadPacket() ([]byte, error) {
	for {
		for i, b := range r.pending {
			if packet, err := r.take(b); packet != nil || err != nil {
				r.pending = r.pending[i+1:]
				return packet, err
			}
		}
		n, err := r.r.Read(r.buf[:])
		r.pending = r.buf[:n]
		if n == 0 && err != nil {
			return nil, err
		}
	}
}

// take moves the reader on by one byte. It returns a packet or an error where b
// ends a frame, and neither elsewhere.
func (r *Reader) take(b byte) ([]byte, error) {
	switch {
	case !r.open:
		r.open = b == end
		if !r.open {
			r.noise++
		}
	case b == end:
		return r.close()
	case r.escaped:
		r.escaped = false
		switch b {
		case escEnd:
			r.put(end)
		case escEsc:
			r.put(esc)
		default:
			r.spoil(ErrEscape)
		}
	case b == esc:
		r.escaped = true
	default:
		r.put(b)
	}
	return nil, nil
}

// close ends the open frame.
func (r *Reader) close() ([]byte, error) {
	if r.escaped {
		r.spoil(ErrEscape)
	}
	packet, bad := r.packet, r.bad
	r.packet, r.bad, r.escaped = nil, nil, false
	if bad != nil {
		r.open = false
		return nil, bad
	}
	r.open = len(packet) == 0
	return packet, nil
}

func (r *Reader) put(b byte) {
	if len(r.packet) == r.limit {
		r.spoil(ErrTooLong)
		return
	}
	r.packet = append(r.packet, b)
}

// spoil remembers the first reason to refuse the open frame.
func (r *Reader) spoil(err error) {
	if r.bad == nil {
		r.bad = err
	}
}

// Reset drops what was read ahead and any frame that is still open.
func (r *Reader) Reset() {
	r.pending, r.packet = nil, nil
	r.open, r.escaped, r.bad = false, false, nil
}

// Noise returns the number of bytes that were skipped between frames.
func (r *Reader) Noise() int { return r.noise }
