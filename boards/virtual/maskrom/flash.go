package maskrom

import (
	"encoding/binary"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual/nor"
)

const (
	readTime = 10 * time.Microsecond // 32 bytes

	perCommand   = 32   // bytes that the SPI controller moves at once
	statusLocked = 0x1c // BP2..BP0
	blockSectors = nor.BlockSize / nor.SectorSize
)

// inChip reports whether n bytes from addr on lie in the chip, as large as
// the ROM believes it to be.
func (r *ROM) inChip(addr, n uint32) (bool, error) {
	size, err := r.m.Read32(chipSize)
	return uint64(addr)+uint64(n) <= uint64(size), err
}

// readInto is SPIRead into p.
func (r *ROM) readInto(addr uint32, p []byte) (ok bool, err error) {
	if ok, err = r.inChip(addr, uint32(len(p))); !ok || err != nil {
		return false, err
	}
	r.await()
	r.m.Flash.Read(addr, p)
	r.m.Advance(readTime * time.Duration(commandsFor(len(p))))
	return true, nil
}

// program is SPIWrite of p: a write enable and a program command for every 32
// bytes, none across the end of a page.
func (r *ROM) program(addr uint32, p []byte) (ok bool, err error) {
	if ok, err = r.inChip(addr, uint32(len(p))); !ok || err != nil || len(p)%4 != 0 {
		return false, err
	}
	for len(p) > 0 {
		n := min(len(p), perCommand, nor.PageSize-int(addr%nor.PageSize))
		r.writeEnable()
		if err := r.m.Flash.Program(addr, p[:n]); err != nil {
			return false, err
		}
		r.await()
		addr, p = addr+uint32(n), p[n:]
	}
	return true, nil
}

func (r *ROM) erase(addr uint32, unit int) error {
	r.writeEnable()
	if err := r.m.Flash.Erase(addr, unit); err != nil {
		return err
	}
	r.await()
	return nil
}

// await waits until the flash is done with its last command.
func (r *ROM) await() { r.m.Advance(r.m.Flash.Wait()) }

// eraseArea is SPIEraseArea, which lifts any write protection. It has a
// mistake: the sectors erased singly on the way to a 64 KiB boundary are not
// taken off what remains, so as many again die after the area, and where that
// is the end of the chip it fails.
func (r *ROM) eraseArea(addr, size uint32) (ok bool, err error) {
	if err := r.readMode(5); err != nil {
		return false, err
	}
	if ok, err = r.inChip(addr, size); !ok || err != nil || addr%nor.SectorSize != 0 {
		return false, err
	}
	r.protect(false)
	n := (size + nor.SectorSize - 1) / nor.SectorSize
	at := addr / nor.SectorSize
	for head := min(blockSectors-at%blockSectors, n); head > 0 && ok && err == nil; head-- {
		ok, err = r.eraseUnit(at, nor.SectorSize)
		at++
	}
	for ; n > blockSectors && ok && err == nil; n -= blockSectors {
		ok, err = r.eraseUnit(at/blockSectors, nor.BlockSize)
		at += blockSectors
	}
	for ; n > 0 && ok && err == nil; n-- {
		ok, err = r.eraseUnit(at, nor.SectorSize)
		at++
	}
	return ok, err
}

// eraseUnit erases the unit with that number, if the chip has it.
func (r *ROM) eraseUnit(number uint32, unit int) (ok bool, err error) {
	size, err := r.m.Read32(chipSize)
	if err != nil || number >= size/uint32(unit) {
		return false, err
	}
	return true, r.erase(number*uint32(unit), unit)
}

// protect is SPILock, or SPIUnlock.
func (r *ROM) protect(on bool) {
	if on {
		r.writeStatus(statusLocked)
	} else {
		r.writeStatus(0)
	}
}

func commandsFor(n int) int { return (n + perCommand - 1) / perCommand }

// The functions below are the ones that programs call: 0 is success.

func (r *ROM) spiRead() error {
	addr, to, n := r.cpu.A[2], r.cpu.A[3], r.cpu.A[4]
	ok, err := r.inChip(addr, n)
	if !ok || err != nil {
		return r.status(ok, err)
	}
	r.await()
	var p [4]byte
	for i := uint32(0); i < n; i += 4 { // whole words are stored
		r.m.Flash.Read(addr+i, p[:])
		if err := r.m.Write32(to+i, binary.LittleEndian.Uint32(p[:])); err != nil {
			return err
		}
	}
	r.m.Advance(readTime * time.Duration(commandsFor(int(n))))
	return r.status(true, nil)
}

func (r *ROM) spiWrite() error {
	addr, from, n := r.cpu.A[2], r.cpu.A[3], r.cpu.A[4]
	ok, err := r.inChip(addr, n)
	if !ok || err != nil || n%4 != 0 {
		return r.status(false, err)
	}
	p := make([]byte, 0, nor.SectorSize)
	for i := uint32(0); i < n; i += 4 {
		v, err := r.m.Read32(from + i)
		if err != nil {
			return err
		}
		p = binary.LittleEndian.AppendUint32(p, v)
	}
	return r.status(r.program(addr, p))
}

func (r *ROM) spiEraseSector() error {
	return r.status(r.eraseUnit(r.cpu.A[2], nor.SectorSize))
}

func (r *ROM) spiEraseBlock() error { return r.status(r.eraseUnit(r.cpu.A[2], nor.BlockSize)) }

func (r *ROM) spiEraseArea() error { return r.status(r.eraseArea(r.cpu.A[2], r.cpu.A[3])) }

func (r *ROM) spiLock() error {
	r.protect(true)
	return r.status(true, nil)
}

func (r *ROM) spiUnlock() error {
	r.protect(false)
	return r.status(true, nil)
}

func (r *ROM) spiParamCfg() error {
	for i := range uint32(6) {
		if err := r.m.Write32(flashChip+4*i, r.cpu.A[2+i]); err != nil {
			return err
		}
	}
	return r.status(true, nil)
}

func (r *ROM) status(ok bool, err error) error {
	r.cpu.A[2] = 1
	if ok {
		r.cpu.A[2] = 0
	}
	return err
}
