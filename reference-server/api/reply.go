package api

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// Bodies of the protocol, as devices compare them: without a space or a line
// break.
const (
	statusOK = `{"status":"OK"}`
	notOK    = `{"status":"NOT OK"}`
	internal = `{"status":"Internal Error"}`
)

// Replies is how rejected messages are answered.
type Replies string

const (
	// Strict answers every rejection of a well-formed request alike: 200 and
	// NOT OK. Who sends learns nothing about why.
	Strict Replies = "strict"

	// Original answers as the original backend did: 500 where it threw while it
	// decrypted or looked up the device, Internal Error where what it decrypted
	// was no JSON. That tells an attacker which step failed; it is for clients
	// that depend on it.
	Original Replies = "original"
)

// Set takes the value of a command line flag.
func (r *Replies) Set(s string) error {
	switch Replies(s) {
	case Strict, Original:
		*r = Replies(s)
		return nil
	}
	return fmt.Errorf("want %s or %s", Strict, Original)
}

// String returns the flag's value.
func (r *Replies) String() string { return string(*r) }

// Type names the flag's values in help.
func (r *Replies) Type() string { return "strict|original" }

// rejection returns the status and body for a message that was refused with err.
func (r Replies) rejection(err error) (status int, body string) {
	if r != Original {
		return http.StatusOK, notOK
	}
	for _, noJSON := range []error{envelope.ErrInnerBase64, envelope.ErrJSON} {
		if errors.Is(err, noJSON) {
			return http.StatusOK, internal
		}
	}
	for _, threw := range []error{
		errBody, errDevice, errNonce,
		envelope.ErrOuterBase64, envelope.ErrMagic, envelope.ErrLength, envelope.ErrPadding,
	} {
		if errors.Is(err, threw) {
			return http.StatusInternalServerError, notOK
		}
	}
	return http.StatusOK, notOK
}

// reply answers with a JSON body.
func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	fmt.Fprint(w, body) // the client is gone if this fails, and nobody is left to tell
}
