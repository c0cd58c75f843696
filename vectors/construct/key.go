package construct

import (
	"bytes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/pbkdf2"
	"crypto/sha256"
	"hash"
	"strings"
)

// mode encrypts whole blocks of src into dst.
type mode func(c cipher.Block, iv, dst, src []byte)

func cbc(c cipher.Block, iv, dst, src []byte) { cipher.NewCBCEncrypter(c, iv).CryptBlocks(dst, src) }
func ctr(c cipher.Block, iv, dst, src []byte) { cipher.NewCTR(c, iv).XORKeyStream(dst, src) }

func ecb(c cipher.Block, _, dst, src []byte) {
	for i := 0; i < len(src); i += block {
		c.Encrypt(dst[i:], src[i:])
	}
}

// rounds is what openssl enc -pbkdf2 takes if it is told nothing.
const rounds = 10000

// keyOps seals under another key, or with another mode.
func (b *builder) keyOps() ops {
	return ops{
		"rekey": func(a *arguments) error {
			pass, salt := b.params.Passphrase, b.params.Salt[:]
			switch a.op.Style {
			case "passphrase": // another one than that given
				b.Key, b.IV = Derive([]byte(a.text()), salt)
			case "trimmed": // a space more than that given
				b.Key, b.IV = Derive(append(bytes.Clone(pass), ' '), salt)
			case "hex": // each character is the value of a hexadecimal digit, or 0
				b.Key, b.IV = Derive(nibbles(pass), salt)
			case "sha256": // EVP_BytesToKey with SHA-256, the default of openssl enc since 1.1.0
				b.Key, b.IV = split(extend(sha256.New(), pass, salt))
			case "pbkdf2": // openssl enc -pbkdf2
				all, err := pbkdf2.Key(sha256.New, string(pass), salt, rounds, 48)
				if err != nil {
					return err
				}
				b.Key, b.IV = split(all)
			case "aes-128": // 16 + 16 bytes
				all := extend(md5.New(), pass, salt)
				b.Key, b.IV = all[:16], all[16:32]
			case "iv-before-key":
				all := extend(md5.New(), pass, salt)
				b.Key, b.IV = all[16:], all[:16]
			case "salt-from-7": // of the header, where it begins at byte 8
				b.Key, b.IV = Derive(pass, append([]byte{'_'}, salt[:SaltSize-1]...))
			case "no-salt": // the salt stands in the header only
				b.Key, b.IV = Derive(pass, nil)
			case "zero-iv":
				b.IV = make([]byte, block)
			case "ecb":
				b.mode = ecb
			case "ctr":
				b.mode = ctr
			default:
				return a.style()
			}
			return a.err
		},
	}
}

// Derive is OpenSSL's EVP_BytesToKey with MD5 and one iteration: 32 bytes of
// key, 16 of IV.
func Derive(passphrase, salt []byte) (key, iv []byte) {
	return split(extend(md5.New(), passphrase, salt))
}

func split(all []byte) (key, iv []byte) { return all[:32:32], all[32:48] }

// extend is EVP_BytesToKey with one iteration: 48 bytes or more.
func extend(h hash.Hash, passphrase, salt []byte) (all []byte) {
	for d := []byte(nil); len(all) < 48; all = append(all, d...) {
		h.Reset()
		h.Write(d)
		h.Write(passphrase)
		h.Write(salt)
		d = h.Sum(nil)
	}
	return all
}

// nibbles decodes any text as hexadecimal, as code does that does not check.
func nibbles(text []byte) []byte {
	p := make([]byte, len(text)/2)
	for i := range p {
		high := strings.IndexByte("0123456789abcdef", text[2*i]|0x20)
		low := strings.IndexByte("0123456789abcdef", text[2*i+1]|0x20)
		p[i] = byte(max(high, 0)<<4 | max(low, 0))
	}
	return p
}
