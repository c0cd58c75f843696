package faulty

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"math/big"

	"github.com/espalier-hil/espalier/reference-server/object"
	"github.com/espalier-hil/espalier/vectors"
)

const (
	magic      = "Salted__"
	saltSize   = 8
	headerSize = len(magic) + saltSize
)

// chain is EVP_BytesToKey with MD5, one iteration: 48 bytes.
func chain(passphrase, salt []byte) []byte {
	var all, d []byte
	for len(all) < 48 {
		sum := md5.Sum(bytes.Join([][]byte{d, passphrase, salt}, nil))
		d = sum[:]
		all = append(all, d...)
	}
	return all
}

func derive(passphrase, salt []byte) (key, iv []byte) {
	all := chain(passphrase, salt)
	return all[:32], all[32:]
}

// strictBase64 is canonical base64. The standard library's strictness does not
// extend to line breaks.
func strictBase64(text []byte) ([]byte, bool) {
	raw, err := base64.StdEncoding.Strict().DecodeString(string(text))
	return raw, err == nil && !bytes.ContainsAny(text, "\r\n")
}

func header(raw []byte) (salt, ciphertext []byte, refused vectors.Stage) {
	if !bytes.HasPrefix(raw, []byte(magic)) {
		return nil, nil, vectors.StageMagic
	}
	if len(raw) <= headerSize || (len(raw)-headerSize)%aes.BlockSize != 0 {
		return nil, nil, vectors.StageLength
	}
	return raw[len(magic):headerSize], raw[headerSize:], ""
}

func decryptCBC(key, iv, ciphertext []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("faulty: internal error: " + err.Error())
	}
	text := make([]byte, len(ciphertext))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(text, ciphertext)
	return text
}

func unpad(padded []byte) ([]byte, bool) {
	n := int(padded[len(padded)-1])
	if n < 1 || n > aes.BlockSize || !bytes.HasSuffix(padded, bytes.Repeat([]byte{byte(n)}, n)) {
		return nil, false
	}
	return padded[:len(padded)-n], true
}

// fields returns what stands under data and under SEQN.
func fields(text []byte) (data, number []byte, refused vectors.Stage) {
	err := object.Members(text, func(key, value []byte) error {
		switch string(key) {
		case "data":
			data = value
		case "SEQN":
			number = value
		}
		return nil
	})
	switch {
	case errors.Is(err, object.ErrDuplicate):
		return nil, nil, vectors.StageFields
	case err != nil:
		return nil, nil, vectors.StageInnerJSON
	case data == nil || number == nil:
		return nil, nil, vectors.StageFields
	}
	return data, number, ""
}

func plainInteger(value []byte) (*big.Int, bool) {
	if len(value) == 0 || len(bytes.Trim(value, "0123456789")) > 0 {
		return nil, false
	}
	return new(big.Int).SetString(string(value), 10)
}
