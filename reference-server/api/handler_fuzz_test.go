package api_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/api"
	"github.com/espalier-hil/espalier/reference-server/envelope"
	"github.com/espalier-hil/espalier/reference-server/store"
)

// handlers returns a server's two sides without a network, and its store.
func handlers(f *testing.F) (a *api.API, s *store.Store, log *bytes.Buffer) {
	f.Helper()
	s, err := store.Open(filepath.Join(f.TempDir(), "readings.db"), store.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	if _, _, err := s.Provision(f.Context(), device, passphrase, 0); err != nil {
		f.Fatal(err)
	}
	log = new(bytes.Buffer)
	return api.New(s, slog.New(slog.NewTextHandler(log, nil)), api.Strict), s, log
}

// FuzzPost posts anything to any device. OK comes for readings only, which are
// then stored; everything else changes nothing, and is never a failure of ours.
func FuzzPost(f *testing.F) {
	a, s, log := handlers(f)
	f.Add(device, "application/json", []byte(message(1)))
	f.Add(device, "application/json; charset=utf-8", []byte(`{"msg":"U2FsdGVkX18="}`))
	f.Add("..%2f..'\"", "application/json", []byte(`{"msg":"a","msg":"b"}`))
	f.Add(device, "text/plain", bytes.Repeat([]byte("["), 4096))
	f.Fuzz(func(t *testing.T, id, media string, body []byte) {
		log.Reset()
		before, err := s.Device(t.Context(), device)
		if err != nil {
			t.Fatal(err)
		}
		q := httptest.NewRequest("POST", "/data/"+url.PathEscape(id), bytes.NewReader(body))
		q.Header.Set("Content-Type", media)
		w := httptest.NewRecorder()
		a.Data().ServeHTTP(w, q)
		after, err := s.Device(t.Context(), device)
		if err != nil {
			t.Fatal(err)
		}
		var says struct{ Msg string }
		accepted := w.Code == 200 && w.Body.String() == okBody
		switch {
		case accepted && (json.Unmarshal(body, &says) != nil || id != device || after.Accepted != before.Accepted+1):
			t.Errorf("%q accepted for %q", body, id)
		case accepted:
			if r, err := envelope.Open(passphrase, says.Msg); err != nil || r.SEQN != after.Next-1 {
				t.Errorf("accepted %+v, %v", r, err)
			}
		case after != before:
			t.Errorf("%d %s, and %+v became %+v", w.Code, w.Body, before, after)
		case !slices.Contains([]int{200, 400, 404, 405, 413, 415}, w.Code):
			t.Errorf("%d %s for %q\n%s", w.Code, w.Body, body, log)
		}
		if bytes.Contains(log.Bytes(), []byte(passphrase)) {
			t.Errorf("the log holds the passphrase: %s", log)
		}
	})
}

// FuzzPut puts anything into a device. A refusal says why, in JSON, and
// makes no device; what was taken is as it was asked for.
func FuzzPut(f *testing.F) {
	a, s, log := handlers(f)
	f.Add("a", []byte(`{"passphrase":"correct horse","next":121}`))
	f.Add("b", []byte(`{"passphrase":"\u00e9","next":9007199254740991}`))
	f.Add("%00", []byte(`{"passphrase":"x","passphrase":"y"}`))
	f.Add("c", []byte(`{"next":1}`))
	f.Fuzz(func(t *testing.T, id string, body []byte) {
		log.Reset()
		_, unknown := s.Device(t.Context(), id)
		q := httptest.NewRequest("PUT", "/devices/"+url.PathEscape(id), bytes.NewReader(body))
		q.Header.Set("Content-Type", "application/json")
		q.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		a.Admin(token).ServeHTTP(w, q)
		if !json.Valid(w.Body.Bytes()) && w.Code != 404 {
			t.Errorf("%d %q", w.Code, w.Body)
		}
		_, err := s.Device(t.Context(), id)
		switch {
		case w.Code/100 == 2 && err != nil:
			t.Errorf("provisioned, and then %v", err)
		case w.Code/100 == 4 && unknown != nil && err == nil:
			t.Errorf("%d %s, and a device was made", w.Code, w.Body)
		case w.Code/100 != 2 && w.Code/100 != 4:
			t.Errorf("%d %s for %q\n%s", w.Code, w.Body, body, log)
		}
	})
}
