package rom

import (
	"context"
	"encoding/binary"
	"errors"
)

// rereads is how often a word is asked for that does not come.
const rereads = 3

// ReadMemory reads n bytes from addr on, both of whole words, by READ_REG: one
// word for each request, some 300 a second. All of it must be mapped, or the
// loader dies. progress, if not nil, is told the bytes read so far.
func (c *Conn) ReadMemory(ctx context.Context, addr uint32, n int, progress func(done, total int)) ([]byte, error) {
	p := make([]byte, 0, n)
	for len(p) < n {
		var word uint32
		var err error
		for range rereads {
			if word, err = c.ReadReg(ctx, addr+uint32(len(p))); !errors.Is(err, ErrNoReply) {
				break
			}
		}
		if err != nil {
			return nil, err
		}
		p = binary.LittleEndian.AppendUint32(p, word)
		if progress != nil {
			progress(len(p), n)
		}
	}
	return p, nil
}
