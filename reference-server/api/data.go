package api

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"

	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/object"
	"github.com/espalier-hil/espalier/reference-server/seqn"
	"github.com/espalier-hil/espalier/reference-server/store"
)

var (
	errBody   = errors.New(`api: body is not {"msg":"…"}`)
	errDevice = errors.New("api: unknown device")
)

// stages names the reasons for a rejection, for metrics and the log.
var stages = []struct {
	err  error
	name string
}{
	{errBody, "body"},
	{errDevice, "device"},
	{envelope.ErrOuterBase64, "outer_base64"},
	{envelope.ErrMagic, "magic"},
	{envelope.ErrLength, "length"},
	{envelope.ErrPadding, "padding"},
	{envelope.ErrInnerBase64, "inner_base64"},
	{envelope.ErrJSON, "json"},
	{envelope.ErrKeys, "keys"},
	{envelope.ErrSEQN, "seqn"},
	{seqn.ErrRange, "seqn"},
	{seqn.ErrReplayed, "replayed"},
	{seqn.ErrGap, "gap"},
	{store.ErrRekeyed, "rekeyed"},
}

// stage returns the name of the reason for a rejection, or "" if err is none
// but a failure of this server.
func stage(err error) string {
	for _, s := range stages {
		if errors.Is(err, s.err) {
			return s.name
		}
	}
	return ""
}

func (a *API) postData(w http.ResponseWriter, r *http.Request, id string) {
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	a.metrics.inFlight.Inc()
	defer a.metrics.inFlight.Dec()
	reading, receipt, err := a.accept(id, body)
	if err == nil {
		a.metrics.accepted.Inc()
		a.metrics.missing.Add(float64(receipt.Skipped))
		a.log.Info("accepted", "device", id, "seqn", reading.SEQN, "skipped", receipt.Skipped, "bytes", len(reading.Data))
		if receipt.Behind > 0 {
			a.metrics.back.Inc()
			a.log.Warn("the clock went back: this message's time lies before that of the one before it",
				"device", id, "seqn", reading.SEQN, "by", receipt.Behind.String())
		}
		reply(w, http.StatusOK, statusOK)
		return
	}
	name := stage(err)
	if name == "" {
		a.metrics.failed.Inc()
		a.fail(w, "not stored", id, err)
		return
	}
	a.metrics.rejected.WithLabelValues(name).Inc()
	a.log.Info("rejected", "device", clip(id), "stage", name, "err", err)
	status, text := a.replies.rejection(err)
	reply(w, status, text)
}

// accept takes a message in, from its body to the disk.
func (a *API) accept(id string, body []byte) (r envelope.Reading, receipt store.Receipt, err error) {
	msg, err := parseBody(body)
	if err != nil {
		return r, receipt, err
	}
	key, known := a.store.Key(id)
	// An unknown device's message is opened too, in vain, so that the time of
	// the answer does not list the devices.
	r, err = envelope.Open(key.Passphrase, msg)
	if !known {
		return r, receipt, errDevice
	}
	if err != nil {
		return r, receipt, err
	}
	receipt, err = a.store.Accept(key, r.SEQN, r.Data)
	return r, receipt, err
}

// fail answers a device whose request the store could not decide on. That is no
// rejection: 503 says that nothing was stored. Where even that is in doubt the
// only honest answer is none, so the connection ends, and the device counts the
// reply as lost.
func (a *API) fail(w http.ResponseWriter, what, id string, err error) {
	a.log.Error(what, "device", id, "err", err)
	if errors.Is(err, store.ErrInDoubt) {
		panic(http.ErrAbortHandler)
	}
	reply(w, http.StatusServiceUnavailable, notOK)
}

// parseBody returns the envelope in {"msg": envelope}. Other keys are ignored.
func parseBody(body []byte) (msg string, err error) {
	found := false
	err = object.Members(body, func(key, value []byte) (err error) {
		if string(key) == "msg" {
			found = true
			msg, err = object.String(value)
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("%w: %w", errBody, err)
	}
	if !found {
		return "", fmt.Errorf("%w: no msg", errBody)
	}
	return msg, nil
}

// readBody returns the body of a JSON request, or answers what is wrong with it.
func readBody(w http.ResponseWriter, r *http.Request) (body []byte, ok bool) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" || r.Header.Get("Content-Encoding") != "" {
		reply(w, http.StatusUnsupportedMediaType, notOK)
		return nil, false
	}
	body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		reply(w, http.StatusRequestEntityTooLarge, notOK)
		return nil, false
	}
	if err != nil { // cut off, badly chunked or too slow
		w.Header().Set("Connection", "close")
		reply(w, http.StatusBadRequest, notOK)
		return nil, false
	}
	return body, true
}

// clip shortens an id that nobody has provisioned for the log.
func clip(id string) slog.Value {
	if len(id) > store.MaxID {
		return slog.StringValue(id[:store.MaxID] + "…")
	}
	return slog.StringValue(id)
}
