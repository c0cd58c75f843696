package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/espalier-hil/espalier/reference-server/object"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// How many readings one page has, unless the query says less, and at most.
const (
	defaultPage = 100
	maxPage     = 1000
)

// Admin returns the handler of the admin listener, which lets in whoever sends
// "Authorization: Bearer token". The token must not be empty.
func (a *API) Admin(token string) http.Handler {
	if token == "" {
		panic("api: an admin listener without a token would be open to all")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := segments(r)
		if len(path) == 1 && path[0] == "healthz" {
			a.getHealth(w, r)
			return
		}
		if !authorized(r, token) {
			w.Header().Set("WWW-Authenticate", `Bearer realm="espalier"`)
			fail(w, http.StatusUnauthorized, "the admin token is missing or wrong")
			return
		}
		switch {
		case len(path) == 1 && path[0] == "metrics":
			if allow(w, r, http.MethodGet, http.MethodHead) {
				a.metrics.handler.ServeHTTP(w, r)
			}
		case len(path) == 2 && path[0] == "devices" && r.Method == http.MethodPut:
			a.putDevice(w, r, path[1])
		case len(path) == 2 && path[0] == "devices":
			if allow(w, r, http.MethodGet, http.MethodHead, http.MethodPut) {
				a.getDevice(w, r, path[1])
			}
		case len(path) == 3 && path[0] == "devices" && path[2] == "readings":
			if allow(w, r, http.MethodGet, http.MethodHead) {
				a.getReadings(w, r, path[1])
			}
		case len(path) == 3 && path[0] == "devices" && path[2] == "past":
			if allow(w, r, http.MethodGet, http.MethodHead) {
				a.getPast(w, r, path[1])
			}
		default:
			fail(w, http.StatusNotFound, "no such path")
		}
	})
}

// authorized compares digests, in constant time, so that time tells neither the
// token's bytes nor its length.
func authorized(r *http.Request, token string) bool {
	scheme, sent, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	got, want := sha256.Sum256([]byte(sent)), sha256.Sum256([]byte(token))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(got[:], want[:]) == 1
}

func (a *API) putDevice(w http.ResponseWriter, r *http.Request, id string) {
	body, ok := readBody(w, r)
	if !ok {
		return
	}
	passphrase, next, err := parseProvision(body)
	if err != nil {
		fail(w, http.StatusBadRequest, `want {"passphrase":"…","next":N}: `+err.Error())
		return
	}
	device, created, err := a.store.Provision(r.Context(), id, passphrase, next)
	if err != nil {
		a.failStore(w, err)
		return
	}
	a.log.Info("provisioned", "device", id, "next", device.Next, "created", created)
	status := http.StatusOK
	if created {
		status = http.StatusCreated
	}
	reply(w, status, string(appendDevice(nil, device)))
}

// parseProvision reads {"passphrase":"…","next":N}; next is 0 if it is left out.
// Unknown keys are errors: an operator who mistypes one wants to know.
func parseProvision(body []byte) (passphrase string, next uint64, err error) {
	found := false
	err = object.Members(body, func(key, value []byte) (err error) {
		switch string(key) {
		case "passphrase":
			found = true
			passphrase, err = object.String(value)
		case "next":
			if next, err = strconv.ParseUint(string(value), 10, 64); err != nil {
				err = errors.New("next is no plain integer")
			}
		default:
			err = fmt.Errorf("unknown key %q", key)
		}
		return err
	})
	if err == nil && !found {
		err = errors.New("no passphrase")
	}
	return passphrase, next, err
}

func (a *API) getDevice(w http.ResponseWriter, r *http.Request, id string) {
	device, err := a.store.Device(r.Context(), id)
	if err != nil {
		a.failStore(w, err)
		return
	}
	reply(w, http.StatusOK, string(appendDevice(nil, device)))
}

func (a *API) getReadings(w http.ResponseWriter, r *http.Request, id string) {
	from, limit, ok := pageOf(w, r)
	if !ok {
		return
	}
	readings, more, err := a.store.Readings(r.Context(), id, from, limit)
	if err != nil {
		a.failStore(w, err)
		return
	}
	reply(w, http.StatusOK, string(appendReadings(nil, readings, more)))
}

func (a *API) getPast(w http.ResponseWriter, r *http.Request, id string) {
	from, limit, ok := pageOf(w, r)
	if !ok {
		return
	}
	past, more, err := a.store.Past(r.Context(), id, int64(from), limit)
	if err != nil {
		a.failStore(w, err)
		return
	}
	reply(w, http.StatusOK, string(appendPast(nil, past, more)))
}

// pageOf returns which page the query asks for, or answers what is wrong with it.
func pageOf(w http.ResponseWriter, r *http.Request) (from uint64, limit int, ok bool) {
	query := r.URL.Query()
	from, err := number(query.Get("from"), 0, math.MaxInt64)
	if err != nil {
		fail(w, http.StatusBadRequest, "from: "+err.Error())
		return 0, 0, false
	}
	most, err := number(query.Get("limit"), defaultPage, maxPage)
	if err != nil {
		fail(w, http.StatusBadRequest, "limit: "+err.Error())
		return 0, 0, false
	}
	return from, int(most), true
}

// number reads a decimal number from a query, fallback if there is none.
func number(s string, fallback, limit uint64) (uint64, error) {
	if s == "" {
		return fallback, nil
	}
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n > limit {
		return 0, fmt.Errorf("%q is no number from 0 to %d", s, limit)
	}
	return n, nil
}

// fail answers an operator, who, unlike a device, is told why.
func fail(w http.ResponseWriter, status int, why string) {
	reply(w, status, fmt.Sprintf(`{"error":%s}`, quote(why)))
}

// failStore answers with the status that belongs to an error of the store.
func (a *API) failStore(w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, store.ErrUnknown):
		fail(w, http.StatusNotFound, err.Error())
	case errors.Is(err, store.ErrProvision):
		fail(w, http.StatusBadRequest, err.Error())
	default:
		a.log.Error("admin", "err", err)
		fail(w, http.StatusServiceUnavailable, "the database does not answer; the log says more")
	}
}
