package api

import (
	"net/url"
	"strings"
	"testing"
)

// Whatever comes as a query, a nonce is 16 hexadecimal digits, so that it can
// stand in JSON as it is.
func FuzzNonce(f *testing.F) {
	f.Add("nonce=0123456789abcDEF")
	f.Add("nonce=0123456789abcde%46&nonce=")
	f.Fuzz(func(t *testing.T, query string) {
		nonce, err := parseNonce(query)
		if err != nil {
			return
		}
		if len(nonce) != 16 || strings.Trim(nonce, "0123456789abcdefABCDEF") != "" {
			t.Errorf("%q: %q", query, nonce)
		}
		if values, err := url.ParseQuery(query); err != nil || values.Get("nonce") != nonce {
			t.Errorf("%q: %q, net/url sees %q, %v", query, nonce, values, err)
		}
	})
}

// Whatever comes as a body, what is provisioned stands in it.
func FuzzProvision(f *testing.F) {
	f.Add([]byte(`{"passphrase":"secret phrase","next":7}`))
	f.Add([]byte(`{"next":9007199254740990,"passphrase":"\u0000"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		passphrase, next, err := parseProvision(body)
		if err == nil && !strings.Contains(string(body), "pass") && !strings.Contains(string(body), `\u`) {
			t.Errorf("%q: passphrase %q, next %d from nowhere", body, passphrase, next)
		}
	})
}

// Whatever comes as a body, it is a message or an error, and never both.
func FuzzBody(f *testing.F) {
	f.Add([]byte(`{"msg":"U2FsdGVkX18BAgMEBQYHCMkO"}`))
	f.Add([]byte(`{"msg":1,"msg":""}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if msg, err := parseBody(body); err != nil && msg != "" {
			t.Errorf("%q: %q and %v", body, msg, err)
		}
	})
}
