// Package envelope seals and opens the messages that devices send.
//
//	msg        = base64( "Salted__" ‖ salt[8] ‖ ciphertext )
//	D1         = MD5(passphrase ‖ salt)
//	D2         = MD5(D1 ‖ passphrase ‖ salt)
//	D3         = MD5(D2 ‖ passphrase ‖ salt)     EVP_BytesToKey, one iteration
//	key, iv    = D1 ‖ D2, D3                      32 and 16 bytes
//	ciphertext = AES-256-CBC(key, iv, PKCS#7(inner))
//	inner      = base64( JSON )                   {"data":{"value":300},"SEQN":121}
//
// That is what CryptoJS.AES.encrypt(text, "passphrase") and
// openssl enc -aes-256-cbc -md md5 -a -A write. CBC carries no authentication:
// whoever can flip a bit on the way can flip it here. The only thing in the way
// is that every step is checked in full, so [Open] accepts one spelling of a
// message and no other; above all the inner base64, which a garbled block
// survives with a chance of about 2^-32.
package envelope

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// SaltSize is the number of salt bytes in an envelope.
const SaltSize = 8

// magic opens every envelope; the salt follows it.
const magic = "Salted__"

const headerSize = len(magic) + SaltSize

// One error for each stage that can refuse an envelope, in the order in which
// [Open] passes them. They are for logs and tests: a server that told its
// clients which one it was would be a decryption oracle.
var (
	ErrOuterBase64 = errors.New("envelope: outer base64 is not canonical")
	ErrMagic       = errors.New("envelope: does not begin with Salted__")
	ErrLength      = errors.New("envelope: ciphertext is not one or more whole blocks")
	ErrPadding     = errors.New("envelope: wrong key or damaged: padding is not PKCS#7")
	ErrInnerBase64 = errors.New("envelope: wrong key or damaged: inner base64 is not canonical")
	ErrJSON        = errors.New("envelope: inner text is not one JSON object")
	ErrKeys        = errors.New("envelope: want data and SEQN, each key once")
	ErrSEQN        = errors.New("envelope: SEQN is not a plain integer from 0 to 2^53-2")
)

// Reading is what an envelope carries.
type Reading struct {
	SEQN uint64          // 0 … seqn.Max
	Data json.RawMessage // the value under "data", byte for byte as it came
}

// DeriveKey returns the AES-256 key and the IV that belong to a passphrase and
// a salt. The passphrase counts as its bytes, whatever they are; hexadecimal
// digits are not decoded.
func DeriveKey(passphrase string, salt [SaltSize]byte) (key [32]byte, iv [aes.BlockSize]byte) {
	// D ‖ passphrase ‖ salt, in one piece so that MD5 needs no state on the heap.
	var room [256]byte
	text := append(room[:md5.Size], passphrase...)
	text = append(text, salt[:]...)

	d := md5.Sum(text[md5.Size:])
	copy(key[:], d[:])
	copy(text, d[:])
	d = md5.Sum(text)
	copy(key[md5.Size:], d[:])
	copy(text, d[:])
	return key, md5.Sum(text)
}

// Seal returns the envelope of plain, which is JSON text of the shape that
// [Open] wants; it is not checked here, so that a test can seal anything. A salt
// must not be used for two different messages under one passphrase.
func Seal(passphrase string, salt [SaltSize]byte, plain []byte) string {
	inner := base64.StdEncoding.EncodedLen(len(plain))
	padding := aes.BlockSize - inner%aes.BlockSize

	raw := make([]byte, 0, headerSize+inner+padding)
	raw = append(raw, magic...)
	raw = append(raw, salt[:]...)
	raw = base64.StdEncoding.AppendEncode(raw, plain)
	for range padding {
		raw = append(raw, byte(padding))
	}

	key, iv := DeriveKey(passphrase, salt)
	text := raw[headerSize:]
	cipher.NewCBCEncrypter(newCipher(key), iv[:]).CryptBlocks(text, text)
	return base64.StdEncoding.EncodeToString(raw)
}

func newCipher(key [32]byte) cipher.Block {
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic("envelope: internal error: 32 bytes are an AES-256 key: " + err.Error())
	}
	return block
}
