package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os/exec"
)

// openssl runs the command with in on its standard input. Nothing of ours does
// any cryptography here: the vectors say what somebody else's code says.
func openssl(in []byte, args ...string) ([]byte, error) {
	cmd := exec.Command("openssl", args...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("openssl %v: %w", args, err)
	}
	return out, nil
}

// derive chains three `openssl dgst -md5`, since -pass on a command line can
// carry neither NUL nor nothing at all.
func derive(passphrase, salt []byte) (key, iv []byte, err error) {
	var d, all []byte
	for range 3 {
		in := append(append(bytes.Clone(d), passphrase...), salt...)
		if d, err = openssl(in, "dgst", "-md5", "-binary"); err != nil {
			return nil, nil, err
		}
		all = append(all, d...)
	}
	return all[:32], all[32:], nil
}

// seal makes the text under "msg" for one reading.
func seal(passphrase, salt []byte, plain string) (string, error) {
	key, iv, err := derive(passphrase, salt)
	if err != nil {
		return "", err
	}
	inner := base64.StdEncoding.EncodeToString([]byte(plain))
	ct, err := openssl([]byte(inner), "enc", "-aes-256-cbc", "-K", hex.EncodeToString(key), "-iv", hex.EncodeToString(iv))
	if err != nil {
		return "", err
	}
	out := append(append([]byte("Salted__"), salt...), ct...)
	return base64.StdEncoding.EncodeToString(out), nil
}
