// Package codec is code under test without a network: the three functions that
// every backend has inside, in whatever language.
package codec

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/espalier-hil/espalier/vectors"
)

// Codec is one implementation. Its methods return a [Rejected] where the code
// refuses what it got, and an error that wraps one of the sentinels below where
// it gives no answer at all.
type Codec interface {
	// KDF derives 32 bytes of key and 16 of IV; salt is 8 bytes.
	KDF(ctx context.Context, passphrase, salt []byte) (key, iv []byte, err error)

	// Open returns the text that is sealed in msg: what the inner base64 holds.
	Open(ctx context.Context, passphrase []byte, msg string) (text []byte, err error)

	// Payload reads a text as a backend whose next is the given decimal number.
	Payload(ctx context.Context, next string, text []byte) (Reading, error)
}

// Reading is an accepted payload.
type Reading struct {
	Next string          // next afterwards, in decimal
	Data json.RawMessage // the value under data, as the code stores it
}

// Rejected is the answer of code that refuses. Stage is where, if it says so;
// else it is empty.
type Rejected struct{ Stage vectors.Stage }

func (r Rejected) Error() string {
	if r.Stage == "" {
		return "rejected"
	}
	return fmt.Sprintf("rejected at %s", r.Stage)
}

// How code can fail to answer.
var (
	ErrUnimplemented = errors.New("codec: not implemented") // and says so
	ErrErrored       = errors.New("codec: reports an error of its own")
	ErrCrashed       = errors.New("codec: crashed")
	ErrHung          = errors.New("codec: did not answer in time")
	ErrNonsense      = errors.New("codec: answer makes no sense")
	ErrGone          = errors.New("codec: failed too often, and is asked nothing more") // so it was not asked: NOT RUN
)
