package envelope

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/espalier-hil/espalier/reference-server/object"
	"github.com/espalier-hil/espalier/reference-server/seqn"
)

// Open returns the reading sealed in msg, or an error that wraps one of the
// sentinels above, and then a zero Reading. Errors never quote what was
// decrypted.
func Open(passphrase, msg string) (Reading, error) {
	plain, err := OpenPlain(passphrase, msg)
	if err != nil {
		return Reading{}, err
	}
	return Read(plain)
}

// OpenPlain returns the text sealed in msg, whatever it says, or an error of one
// of the stages before ErrJSON. It is for envelopes that carry no reading.
func OpenPlain(passphrase, msg string) ([]byte, error) {
	raw, err := decode(make([]byte, len(msg)/4*3), []byte(msg))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrOuterBase64, err)
	}
	if !bytes.HasPrefix(raw, []byte(magic)) {
		return nil, fmt.Errorf("%w: %d bytes", ErrMagic, len(raw))
	}
	if len(raw) <= headerSize || (len(raw)-headerSize)%aes.BlockSize != 0 {
		return nil, fmt.Errorf("%w: %d bytes, salt included", ErrLength, len(raw)-len(magic))
	}

	key, iv := DeriveKey(passphrase, [SaltSize]byte(raw[len(magic):]))
	copy(raw, iv[:])
	decryptCBC(newCipher(key), raw)

	inner, ok := unpad(raw[headerSize:])
	if !ok {
		return nil, ErrPadding
	}
	plain, err := decode(inner, inner)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInnerBase64, err)
	}
	return plain, nil
}

// decryptCBC decrypts the blocks of raw in place; the first is the IV, for which
// the header has just the room. It goes from the last block to the first, so that
// each still finds the ciphertext before it. (A cipher.BlockMode would put a copy
// of the key schedule on the heap, at the price of decrypting a short message.)
func decryptCBC(block cipher.Block, raw []byte) {
	for i := len(raw) - aes.BlockSize; i > 0; i -= aes.BlockSize {
		text, before := raw[i:i+aes.BlockSize], raw[i-aes.BlockSize:i]
		block.Decrypt(text, text)
		for j := 0; j < aes.BlockSize; j += 8 {
			word := binary.NativeEndian.Uint64(text[j:]) ^ binary.NativeEndian.Uint64(before[j:])
			binary.NativeEndian.PutUint64(text[j:], word)
		}
	}
}

// unpad takes PKCS#7 padding off text, which is one block or more, and reports
// whether every byte of it was right.
func unpad(text []byte) ([]byte, bool) {
	n := int(text[len(text)-1])
	if n < 1 || n > aes.BlockSize {
		return nil, false
	}
	body := len(text) - n
	for _, c := range text[body:] {
		if int(c) != n {
			return nil, false
		}
	}
	return text[:body], true
}

// Read takes SEQN and data out of a text that [OpenPlain] has returned, whose
// memory it keeps. Errors are those of the stages from ErrJSON on.
func Read(plain []byte) (Reading, error) {
	var r Reading
	var hasSEQN, hasData bool
	err := object.Members(plain, func(key, value []byte) error {
		switch string(key) {
		case "SEQN":
			r.SEQN, hasSEQN = plainInteger(value)
			if !hasSEQN {
				return ErrSEQN
			}
		case "data":
			r.Data, hasData = value, true
		}
		return nil
	})
	switch {
	case errors.Is(err, ErrSEQN):
		return Reading{}, err
	case errors.Is(err, object.ErrDuplicate):
		return Reading{}, fmt.Errorf("%w: %w", ErrKeys, err)
	case err != nil:
		return Reading{}, fmt.Errorf("%w: %w", ErrJSON, err)
	case !hasSEQN || !hasData:
		return Reading{}, fmt.Errorf("%w: has SEQN: %t, has data: %t", ErrKeys, hasSEQN, hasData)
	}
	return r, nil
}

// plainInteger returns the sequence number that value spells in decimal digits.
// The grammar of JSON has excluded leading zeros already.
func plainInteger(value []byte) (n uint64, ok bool) {
	for _, c := range value {
		if c < '0' || c > '9' {
			return 0, false
		}
		if n = n*10 + uint64(c-'0'); n > seqn.Max {
			return 0, false
		}
	}
	return n, true
}
