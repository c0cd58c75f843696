package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
)

// replies is what a device hears.
type replies struct {
	accepted func(w http.ResponseWriter)
	rejected func(w http.ResponseWriter, why refusal)
}

const (
	ok    = `{"status":"OK"}`
	notOK = `{"status":"NOT OK"}`
)

var rightReplies = replies{
	accepted: func(w http.ResponseWriter) { say(w, http.StatusOK, ok) },
	rejected: func(w http.ResponseWriter, _ refusal) { say(w, http.StatusOK, notOK) },
}

// say answers with a JSON body.
func say(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

// show answers with v in JSON.
func show(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.Encode(v)
}

// unless replaces the reply to what is refused at one of the stages.
func unless(reply func(w http.ResponseWriter, why refusal), stages ...stage) func(*backend) {
	return func(b *backend) {
		rejected := b.rejected
		b.rejected = func(w http.ResponseWriter, why refusal) {
			for _, at := range stages {
				if why.at == at {
					reply(w, why)
					return
				}
			}
			rejected(w, why)
		}
	}
}

// tell answers NOT OK, and why.
func tell(w http.ResponseWriter, status int, why string) {
	p, _ := json.Marshal(why) // a string: cannot fail
	say(w, status, `{"status":"NOT OK","error":`+string(p)+`}`)
}

// hangUp answers as if nothing were amiss, and ends the connection.
func hangUp(w http.ResponseWriter, _ refusal) {
	c, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer c.Close()
	fmt.Fprintf(buf, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: %s\r\nContent-Length: %d\r\n\r\n%s",
		time.Now().UTC().Format(http.TimeFormat), len(notOK), notOK)
	buf.Flush()
}

// says replaces what is said of an accepted message.
func says(status int, body string) func(*backend) {
	return func(b *backend) {
		b.accepted = func(w http.ResponseWriter) { say(w, status, body) }
	}
}

var replyFaults = []fault{
	{"ok-with-201", says(http.StatusCreated, ok)},
	{"ok-in-lower-case", says(http.StatusOK, `{"status":"ok"}`)},
	{"ok-as-text", says(http.StatusOK, `OK`)},
	{"always-ok", func(b *backend) {
		b.rejected = func(w http.ResponseWriter, why refusal) { say(w, http.StatusOK, `{"status":"OK","error":"rejected"}`) }
	}},
	{"500-on-padding", unless(func(w http.ResponseWriter, _ refusal) { say(w, http.StatusInternalServerError, notOK) }, atPadding)},
	{"closes-on-padding", unless(hangUp, atPadding)},
	{"aborts-on-padding", unless(func(http.ResponseWriter, refusal) { panic(http.ErrAbortHandler) }, atPadding)},
	{"404-for-unknown", unless(func(w http.ResponseWriter, _ refusal) { say(w, http.StatusNotFound, notOK) }, atDevice)},
	{"header-on-replay", unless(func(w http.ResponseWriter, _ refusal) {
		w.Header().Set("X-Replay", "true")
		say(w, http.StatusOK, notOK)
	}, atSequence)},
	{"error-tells-stage", func(b *backend) {
		b.rejected = func(w http.ResponseWriter, why refusal) { tell(w, http.StatusOK, "bad "+string(why.at)) }
	}},
	{"original-replies", func(b *backend) {
		b.rejected = func(w http.ResponseWriter, why refusal) {
			switch why.at {
			case atSEQN, atSequence:
				say(w, http.StatusOK, notOK)
			case atInner, atObject:
				say(w, http.StatusOK, `{"status":"Internal Error"}`)
			default:
				say(w, http.StatusInternalServerError, notOK)
			}
		}
	}},
	{"echoes-plaintext", unless(func(w http.ResponseWriter, why refusal) { tell(w, http.StatusOK, "cannot use "+string(why.plain)) }, atObject, atSEQN)},
	{"echoes-passphrase", unless(func(w http.ResponseWriter, why refusal) {
		tell(w, http.StatusOK, "cannot decrypt with key "+why.known.passphrase)
	}, atPadding, atInner)},
	{"stack-in-reply", unless(func(w http.ResponseWriter, _ refusal) {
		tell(w, http.StatusInternalServerError, string(debug.Stack()))
	}, atObject)},
	{"sql-in-reply", unless(func(w http.ResponseWriter, why refusal) {
		if strings.ContainsRune(why.id, '\'') {
			tell(w, http.StatusInternalServerError, "SQL logic error: near \""+why.id+"\": syntax error (1) in SELECT next FROM devices WHERE id = '"+why.id+"'")
			return
		}
		say(w, http.StatusOK, notOK)
	}, atDevice)},
}
