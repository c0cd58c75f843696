package vectors

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

// Version is the version of the data: a patch changes texts, a minor adds
// tests, a major changes what a test expects.
const Version = "1.0.0"

// ErrFile reports a vector file that breaks its own rules.
var ErrFile = errors.New("vectors: file is not valid")

// DeviceFile is a file of known answers that a board itself gives.
type DeviceFile struct {
	Suite          string       `json:"suite"`
	VectorsVersion string       `json:"vectorsVersion"`
	NumberOfTests  int          `json:"numberOfTests"`
	Tests          []DeviceTest `json:"tests"`
}

// DeviceTest is one known answer: what the device must derive from passphrase
// and salt, and the message it must make of SEQN and data.
type DeviceTest struct {
	ID            string   `json:"id"` // device/seal/NAME, for ever
	Since         string   `json:"since"`
	Comment       string   `json:"comment"`
	Reqs          []string `json:"reqs"`
	PassphraseHex string   `json:"passphraseHex"`
	SaltHex       string   `json:"saltHex"` // 8 bytes
	SEQN          string   `json:"seqn"`    // decimal; a string, since it may pass 2^53
	Data          string   `json:"data"`    // JSON text, sealed as it stands
	KeyHex        string   `json:"keyHex"`  // 32 bytes
	IVHex         string   `json:"ivHex"`   // 16 bytes
	Msg           string   `json:"msg"`     // base64
}

// DeviceTests returns the known answers for the device.
func DeviceTests() ([]DeviceTest, error) {
	p, err := fs.ReadFile(Files, "device/seal.json")
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrFile, err)
	}
	var doc DeviceFile
	dec := json.NewDecoder(bytes.NewReader(p))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		return nil, fmt.Errorf("%w: device/seal.json: %v", ErrFile, err)
	}
	if len(doc.Tests) == 0 || len(doc.Tests) != doc.NumberOfTests {
		return nil, fmt.Errorf("%w: device/seal.json holds %d tests and counts %d", ErrFile, len(doc.Tests), doc.NumberOfTests)
	}
	reg, err := Requirements()
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, t := range doc.Tests {
		if seen[t.ID] {
			return nil, fmt.Errorf("%w: %s stands there twice", ErrFile, t.ID)
		}
		seen[t.ID] = true
		if err := t.check(reg); err != nil {
			return nil, fmt.Errorf("%w: %s: %v", ErrFile, t.ID, err)
		}
	}
	return doc.Tests, nil
}

func (t DeviceTest) check(reg Register) error {
	for _, f := range []struct {
		name, text string
		size       int // in bytes; 0 is any
	}{{"passphraseHex", t.PassphraseHex, 0}, {"saltHex", t.SaltHex, 8}, {"keyHex", t.KeyHex, 32}, {"ivHex", t.IVHex, 16}} {
		p, err := hex.DecodeString(f.text)
		if err != nil || f.size != 0 && len(p) != f.size {
			return fmt.Errorf("%s is %q", f.name, f.text)
		}
	}
	if !json.Valid([]byte(t.Data)) {
		return fmt.Errorf("data is no JSON: %q", t.Data)
	}
	if len(t.Reqs) == 0 {
		return errors.New("cites no requirement")
	}
	for _, id := range t.Reqs {
		if _, known := reg[id]; !known {
			return fmt.Errorf("cites %s, which the register does not know", id)
		}
	}
	return nil
}
