package crash

import (
	"errors"
	"fmt"

	"github.com/espalier-hil/espalier/boards/image"
)

// ErrOther reports an ELF file that an image was not made from: it would give
// addresses names that they do not have.
var ErrOther = errors.New("crash: the ELF is another program than the image")

// Fits holds the program against a flash image: what of its code the image
// loads must be the same, and of a section all or nothing. The error is an
// [ErrOther]. An image that loads none of it is not objected to: a boot loader
// of its own may.
func (s *Symbols) Fits(im *image.Image) error {
	for _, sec := range s.code {
		compared := 0
		for _, seg := range im.Segments {
			for i, b := range seg.Data {
				at := seg.Addr + uint32(i)
				off := uint64(at) - uint64(sec.addr)
				if at < sec.addr || off >= uint64(len(sec.data)) {
					continue
				}
				if compared++; sec.data[off] != b {
					return fmt.Errorf("%w: at 0x%08x, in %s, the ELF has %02x and the image %02x", ErrOther, at, s.nearest(at), sec.data[off], b)
				}
			}
		}
		if compared > 0 && compared < len(sec.data) {
			return fmt.Errorf("%w: at 0x%08x the ELF has %d bytes of code, and the image loads %d of them", ErrOther, sec.addr, len(sec.data), compared)
		}
	}
	return nil
}
