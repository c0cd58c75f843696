package wire_test

import (
	"testing"

	"github.com/espalier-hil/espalier/harness/wire"
)

func TestForgedReply(t *testing.T) {
	b := newBackend(t, says(ok))
	r := listen(t, func() string { return b.URL })
	const forged = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
	r.Answer([]byte(forged))
	if got := talk(t, r, post); got != forged {
		t.Errorf("device got %q", got)
	}
	if got := b.requests(); len(got) != 0 {
		t.Errorf("the backend got %q", got)
	}
	ex := r.Exchanges()
	if len(ex) != 1 || ex[0].Fault != wire.Forge || ex[0].Status != 200 || string(ex[0].ReplyBody()) != "hi" || ex[0].Msg != "U2Fs" {
		t.Errorf("on record: %+v", ex)
	}
	if got := talk(t, r, post); got != ok {
		t.Errorf("after it: %q", got)
	}
}
