package device

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"github.com/onsi/gomega/gcustom"
	"github.com/onsi/gomega/types"

	"github.com/espalier-hil/espalier/harness/console"
)

// spoken returns every byte that the device has said in this run.
func spoken() string {
	var b strings.Builder
	for _, e := range under.Console.Timeline().Events(time.Time{}, time.Time{}) {
		if e.Lane == console.Received {
			b.Write(e.Data)
		}
	}
	return b.String()
}

// written returns what the run keeps of itself: the console both ways, as
// shown, and the server's log.
func written() string {
	var b strings.Builder
	for _, e := range under.Console.Timeline().Events(time.Time{}, time.Time{}) {
		b.Write(e.Data)
		b.WriteByte('\n')
	}
	for _, line := range under.Server.Log() {
		b.WriteString(line.Text + "\n")
	}
	return b.String()
}

// containSecret matches text in which secret stands, as it is, in hexadecimal
// or in base64. Its message does not repeat either.
func containSecret(secret string) types.GomegaMatcher {
	return gcustom.MakeMatcher(func(text string) (bool, error) {
		for _, spelling := range []string{
			secret, hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))),
			base64.StdEncoding.EncodeToString([]byte(secret)),
		} {
			if strings.Contains(text, spelling) {
				return true, nil
			}
		}
		return false, nil
	}).WithTemplate("Expected {{len .Actual}} bytes {{.To}} contain the passphrase")
}
