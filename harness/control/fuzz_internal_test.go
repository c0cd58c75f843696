package control

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
)

// FuzzRecord reads any record in every way there is: nothing panics, what is
// not as the protocol says is an error, and an error comes alone.
func FuzzRecord(f *testing.F) {
	for _, seed := range []string{
		`{"id":1,"ok":true,"next":121}`,
		`{"id":1,"ok":false,"error":"busy","detail":"x"}`,
		`{"id":1,"id":1}`,
		`{"http":{"n":1,"host":"1.2.3.4","port":80,"request":"474554"}}`,
		`{"id":1,"ok":true,"seqn":1,"outcome":"accepted","attempts":1,"http":200,"salt":"0001020304050607","md5":"00000000000000000000000000000000"}`,
		`{"id":1,"ok":true,"next":9,"told":9,"attempts":2,"settled":{"seqn":8,"stored":true}}`,
		`{"hello":{"proto":1,"fw":"a","version":"1","mac":"7a:e5:82:00:00:01","boots":1,"cause":1,"nonce":"","digest":"00000000000000000000000000000000",` +
			`"size":1,"links":["virtual"],"limits":{"line":4096,"data":1,"id":1,"pass":1},"device":"","next":null,"store":"ok"}}`,
		`{"a":[[[{}]]]}`, `{`, `[]`, `null`, ``, "{\"\xff\":1}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := parseObject(raw)
		if (err == nil) != (o != nil) {
			t.Fatalf("object %v, error %v", o, err)
		}
		hasID(1)(raw)
		isHTTP(raw)
		if _, err := judge("seqn", raw); err != nil && !errors.Is(err, ErrAnswer) && !errors.As(err, new(*Refusal)) {
			t.Errorf("answer: %v", err)
		}
		s, err := parseSending(raw)
		if err != nil && s != (Sending{}) {
			t.Errorf("sending %+v beside %v", s, err)
		}
		told, err := parseTold(raw)
		if err != nil && told != (Told{}) || err == nil && told.Next < told.Told {
			t.Errorf("told %+v beside %v", told, err)
		}
		r, err := parseRequest(raw)
		if err != nil && (!errors.Is(err, ErrAnswer) || !reflect.DeepEqual(r, request{})) {
			t.Errorf("request %+v beside %v", r, err)
		}
		if o == nil {
			return
		}
		h, err := (&Client{}).introduced(o, nil)
		switch {
		case err != nil && !reflect.DeepEqual(h, Hello{}):
			t.Errorf("hello %+v beside %v", h, err)
		case err != nil && !errors.Is(err, ErrAnswer) && !errors.Is(err, ErrProto):
			t.Errorf("hello: %v", err)
		case err == nil && (len(h.MAC) != 6 || h.Limits.Line > 1<<20 || !json.Valid(raw)):
			t.Errorf("accepted %+v", h)
		}
	})
}
