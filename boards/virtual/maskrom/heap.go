package maskrom

// The ROM's heap, lwIP's of 2003 by its layout: blocks one behind the other,
// each behind a header of 8 bytes with the offsets of the next and the one
// before (u16 each), and whether it is in use. It is 4 KiB, wherever mem_init
// was told.
const (
	heapStart  = 0x3fffdd30 // its variables: start, end, lowest free block
	heapEnd    = heapStart + 4
	heapLowest = heapStart + 8

	heapSize    = 0x1000
	blockHead   = 8
	blockPrev   = 2
	blockUsed   = 4
	blockLeast  = 12 // bytes of a block, and of what is worth splitting off
	blockAlign  = 3
	blockSplits = blockLeast + blockHead
)

// heap is the heap with the first error in its accesses.
type heap struct {
	r                  *ROM
	start, end, lowest uint32
	err                error
}

func (r *ROM) heap() (h heap) {
	t := frame{r: r, at: heapStart}
	h = heap{r: r, start: t.get(0), end: t.get(4), lowest: t.get(8)}
	h.err = t.err
	return h
}

// half reads a u16 of a header, byte by byte: headers need not be aligned.
func (h *heap) half(addr uint32) uint32 {
	return h.byte(addr) | h.byte(addr+1)<<8
}

func (h *heap) byte(addr uint32) uint32 {
	if h.err != nil {
		return 0
	}
	var b byte
	b, h.err = h.r.m.Read8(addr)
	return uint32(b)
}

func (h *heap) put(addr uint32, p ...byte) {
	if h.err == nil {
		h.err = h.r.writeAll(addr, p)
	}
}

func (h *heap) putHalf(addr, v uint32) { h.put(addr, byte(v), byte(v>>8)) }

// save keeps which block is the lowest free one.
func (h *heap) save() error {
	if h.err == nil {
		h.err = h.r.m.Write32(heapLowest, h.lowest)
	}
	return h.err
}

// memInit is mem_init(start).
func (r *ROM) memInit() error {
	start := (r.cpu.A[2] + blockAlign) &^ blockAlign
	h := heap{r: r, start: start, end: start + heapSize, lowest: start}
	h.put(start, 0, heapSize>>8, 0, 0, 0)
	h.put(h.end, 0, heapSize>>8, 0, heapSize>>8, 1)
	if h.err != nil {
		return h.err
	}
	w := words{{heapStart, h.start}, {heapEnd, h.end}, {heapLowest, h.lowest}}
	return w.store(r)
}

// allocate is mem_malloc: the first block that is large enough, or 0.
func (r *ROM) allocate(size uint32) (addr uint32, err error) {
	if size &= 0xffff; size == 0 {
		return 0, nil
	}
	if size = max((size+blockAlign)&0xfffc, blockLeast); size > heapSize {
		return 0, nil
	}
	h := r.heap()
	for at := (h.lowest - h.start) & 0xffff; at+size < heapSize && h.err == nil; {
		block := h.start + at
		next := h.half(block)
		if h.byte(block+blockUsed) != 0 || next-at-blockHead < size || next < at+blockHead {
			if next <= at {
				return 0, h.err // a heap that was never set up
			}
			at = next
			continue
		}
		if next-at-blockHead >= size+blockSplits {
			split := at + blockHead + size
			h.put(h.start+split, byte(next), byte(next>>8), byte(at), byte(at>>8), 0)
			h.putHalf(block, split)
			if next != heapSize {
				h.putHalf(h.start+next+blockPrev, split)
			}
		}
		h.put(block+blockUsed, 1)
		for block == h.lowest && h.err == nil && h.lowest != h.end && h.byte(h.lowest+blockUsed) != 0 {
			h.lowest = h.start + h.half(h.lowest)
			block = h.lowest
		}
		return h.start + at + blockHead, h.save()
	}
	return 0, h.err
}

// free is mem_free: the block joins free ones beside it.
func (r *ROM) free(addr uint32) error {
	h := r.heap()
	if addr == 0 || addr < h.start || addr >= h.end {
		return h.err
	}
	block := addr - blockHead
	h.put(block+blockUsed, 0)
	if block < h.lowest {
		h.lowest = block
	}
	h.join(block, h.start+h.half(block), block)
	if before := h.start + h.half(block+blockPrev); before != block && h.byte(before+blockUsed) == 0 {
		h.join(before, block, before)
	}
	return h.save()
}

// join makes the free block and the one behind it one, if that is free.
func (h *heap) join(block, behind, lowest uint32) {
	if h.err != nil || behind == h.end || behind == block || h.byte(behind+blockUsed) != 0 {
		return
	}
	if h.lowest == behind {
		h.lowest = lowest
	}
	next := h.half(behind)
	h.putHalf(block, next)
	h.putHalf(h.start+next+blockPrev, block-h.start)
}

func (r *ROM) memMalloc() (err error) {
	r.cpu.A[2], err = r.allocate(r.cpu.A[2])
	return err
}

func (r *ROM) memFree() error { return r.free(r.cpu.A[2]) }

// memZalloc is mem_zalloc(size), and memCalloc mem_calloc(number, size).
func (r *ROM) memZalloc() error { return r.cleared(r.cpu.A[2] & 0xffff) }
func (r *ROM) memCalloc() error { return r.cleared((r.cpu.A[2] & 0xffff) * (r.cpu.A[3] & 0xffff)) }

func (r *ROM) cleared(size uint32) error {
	addr, err := r.allocate(size)
	if r.cpu.A[2] = addr; addr == 0 || err != nil {
		return err
	}
	return r.fill(addr, 0, size)
}
