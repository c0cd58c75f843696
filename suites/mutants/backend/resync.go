package main

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"regexp"

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

var wellFormed = regexp.MustCompile("^[0-9a-fA-F]{16}$")

// resync answers with the next number of a device, sealed.
func (b *backend) resync(w http.ResponseWriter, id, nonce string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.devices[id]
	if d == nil || !wellFormed.MatchString(nonce) {
		reply(w, map[string]string{"status": "NOT OK"})
		return
	}
	next, rest := d.Next, ""
	var salt [envelope.SaltSize]byte
	rand.Read(salt[:])
	switch b.fault {
	case staleNext:
		next = d.first
	case ignoresNonce:
		nonce = "0000000000000000"
	case repeatsSalt:
		clear(salt[:])
	case resyncData:
		rest = `,"data":null`
	}
	plain := fmt.Appendf(nil, `{"SEQN":%d,"nonce":"%s"%s}`, next, nonce, rest)
	reply(w, map[string]string{"msg": envelope.Seal(d.passphrase, salt, plain)})
}
