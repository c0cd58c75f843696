// Package seqn decides which sequence numbers a backend lets in: every number
// once, in rising order, with gaps.
//
// A device gives each message a number higher than the one before. Messages
// get lost, so a jump forward is fine, and is counted. A number at or below the
// last accepted one is a replay, or so late that it cannot be told from one.
package seqn

import (
	"errors"
	"fmt"
)

// Max is the highest sequence number: 2^53−2, so that the one after it is still
// exact in every language.
const Max = 1<<53 - 2

var (
	// ErrReplayed reports a number below the next one wanted.
	ErrReplayed = errors.New("seqn: replayed")

	// ErrGap reports a jump forward that is larger than MaxGap.
	ErrGap = errors.New("seqn: gap too large")

	// ErrRange reports a number above Max.
	ErrRange = errors.New("seqn: out of range")
)

// Window is the sequence state of one device. The zero value is a device that
// has sent nothing yet and starts at 0. A Window is not safe for concurrent use.
type Window struct {
	Next     uint64 // the lowest number that is still accepted
	Accepted uint64 // how many were
	Missing  uint64 // how many were skipped between those that were

	// MaxGap, unless 0, is how many numbers may be skipped at once. Without a
	// bound, one message far ahead, sent under a stolen key, locks the device
	// out for good.
	MaxGap uint64
}

// Accept moves the window past n, or returns why not and leaves it as it was.
// What lies below a device's first message does not count as missing: the
// window was told where to begin, not what was sent.
func (w *Window) Accept(n uint64) error {
	switch {
	case n > Max:
		return fmt.Errorf("%w: %d is above 2^53-2", ErrRange, n)
	case n < w.Next:
		return fmt.Errorf("%w: %d, next is %d", ErrReplayed, n, w.Next)
	case w.MaxGap > 0 && n-w.Next > w.MaxGap:
		return fmt.Errorf("%w: %d skips %d, allowed are %d", ErrGap, n, n-w.Next, w.MaxGap)
	}
	if w.Accepted > 0 {
		w.Missing += n - w.Next
	}
	w.Accepted++
	w.Next = n + 1
	return nil
}
