package maskrom

// Bits of 0x3ff0000c, which is the cache's.
const (
	cacheFlush   = 1 << 0
	cacheOn      = 1 << 8
	cachePage    = 7 << 16 // of 2 MiB
	cacheMap     = 3 << 24 // 0: its even MiB; bit 25: its odd one
	cacheMapOdd  = 1 << 25
	cacheMapElse = 1 << 24
	cacheLarge   = 1 << 26
)

// cacheEnable is Cache_Read_Enable(map, page, large): it shows a MiB of the
// flash at 0x40200000, by way of 16 or 32 KiB of cache.
func (r *ROM) cacheEnable() error {
	which, page, large := r.cpu.A[2], r.cpu.A[3], r.cpu.A[4]
	if err := r.cacheOff(); err != nil {
		return err
	}
	if err := r.modify(spiCtrl, 0, ctrlCache); err != nil {
		return err
	}
	set := uint32(0)
	switch which {
	case 0:
	case 1:
		set = cacheMapOdd
	default:
		set = cacheMapElse
	}
	set |= page<<16 | large<<26
	if err := r.modify(dportIO, cacheMap|cachePage|cacheLarge, set); err != nil {
		return err
	}
	ram := uint32(1 << 3)
	if large != 0 {
		ram = 3 << 3
	}
	if err := r.modify(cacheRAM, 0, ram); err != nil {
		return err
	}
	return r.modify(dportIO, 0, cacheOn)
}

// cacheOff is Cache_Read_Disable(), which empties the cache too. Where it
// waits for that on the chip, the chip has done it already.
func (r *ROM) cacheOff() error {
	if err := r.modify(dportIO, cacheOn, 0); err != nil {
		return err
	}
	if err := r.modify(spiCtrl, ctrlCache, 0); err != nil {
		return err
	}
	if err := r.modify(dportIO, 0, cacheFlush); err != nil {
		return err
	}
	return r.modify(dportIO, cacheFlush, 0)
}
