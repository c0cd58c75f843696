package wire_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// The backend answers none of the copies before it has all of them.
func TestVolleyArrivesAtOnce(t *testing.T) {
	const copies = 8
	var arrived sync.WaitGroup
	arrived.Add(copies)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		arrived.Done()
		arrived.Wait()
		io.WriteString(w, `{"status":"NOT OK"}`)
	}))
	t.Cleanup(s.Close)
	r := listen(t, func() string { return s.URL })
	shots, err := r.Volley(t.Context(), "a b", "U2Fs", copies)
	if err != nil || len(shots) != copies {
		t.Fatalf("%d shots, %v", len(shots), err)
	}
	for _, ex := range shots {
		if ex.Status != 200 || string(ex.ReplyBody()) != `{"status":"NOT OK"}` || ex.Path != "/data/a%20b" || !ex.Replay {
			t.Errorf("%+v", ex)
		}
	}
	if got := len(r.Exchanges()); got != copies {
		t.Errorf("%d on record", got)
	}
}

func TestVolleyAtNobody(t *testing.T) {
	r := listen(t, func() string { return "http://127.0.0.1:1" })
	if shots, err := r.Volley(t.Context(), "1", "U2Fs", 2); err == nil {
		t.Errorf("%d shots", len(shots))
	}
}
