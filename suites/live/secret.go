package live

import "github.com/espalier-hil/espalier/harness/report"

// hush takes a passphrase among those that no record may contain, and returns
// it. Those that the vectors publish are none.
func (r *run) hush(passphrase string) string {
	r.secrets = append(r.secrets, passphrase)
	return passphrase
}

// clean returns text without the passphrases of the devices that the test knows,
// however they are written. It comes before anything is cut, since half of a
// passphrase is not recognised.
func (r *run) clean(text string) string { return report.Cleaner(r.secrets).Replace(text) }
