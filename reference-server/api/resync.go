package api

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// A device that does not know whether its last message arrived, or that has lost
// its flash, asks for the number that is next:
//
//	GET /sqn/{id}?nonce=HEX16   →   {"msg": envelope of {"SEQN":next,"nonce":"HEX16"}}
//
// The nonce is 16 hexadecimal digits of the device's choice, which come back as
// they were written, so that an old answer does not pass for a new one. Without
// data the envelope can never pass for a reading. SEQN is at most 2^53-1, and
// then no number is left.

// errNonce reports a query that is not one nonce.
var errNonce = errors.New("api: query is not nonce= and 16 hexadecimal digits")

const nonceDigits = 16

// What becomes of a resync, for metrics.
const (
	answered = "answered"
	refused  = "refused"
	failed   = "failed"
)

var outcomes = []string{answered, refused, failed}

func (a *API) getNext(w http.ResponseWriter, r *http.Request, id string) {
	nonce, err := parseNonce(r.URL.RawQuery)
	var msg string
	if err == nil {
		msg, err = a.next(r, id, nonce)
	}
	switch {
	case err == nil:
		a.metrics.resyncs.WithLabelValues(answered).Inc()
		w.Header().Set("Cache-Control", "no-store")
		reply(w, http.StatusOK, `{"msg":"`+msg+`"}`)
	case errors.Is(err, errNonce), errors.Is(err, errDevice):
		a.metrics.resyncs.WithLabelValues(refused).Inc()
		a.log.Info("resync rejected", "device", clip(id), "err", err)
		status, text := a.replies.rejection(err)
		reply(w, status, text)
	default:
		a.metrics.resyncs.WithLabelValues(failed).Inc()
		a.fail(w, "next is not known", id, err)
	}
}

// next returns the sealed answer. Its number is on the disk: a device that is
// told of it may rely on what it says of the messages before.
func (a *API) next(r *http.Request, id, nonce string) (msg string, err error) {
	key, known := a.store.Key(id)
	if !known {
		return "", errDevice
	}
	device, err := a.store.Device(r.Context(), id)
	if errors.Is(err, store.ErrUnknown) {
		return "", errDevice
	}
	if err != nil {
		return "", err
	}
	var salt [envelope.SaltSize]byte
	rand.Read(salt[:]) // never fails
	return envelope.Seal(key.Passphrase, salt, fmt.Appendf(nil, `{"SEQN":%d,"nonce":"%s"}`, device.Next, nonce)), nil
}

// parseNonce reads a query that consists of one nonce and nothing else.
func parseNonce(query string) (string, error) {
	values, err := url.ParseQuery(query)
	if err != nil || len(values) != 1 || len(values["nonce"]) != 1 {
		return "", errNonce
	}
	nonce := values.Get("nonce")
	if len(nonce) != nonceDigits {
		return "", errNonce
	}
	for _, c := range []byte(nonce) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
			return "", errNonce
		}
	}
	return nonce, nil
}
