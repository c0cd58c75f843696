package soc

import "encoding/binary"

// random is a generator of numbers that only look random (splitmix64).
type random struct {
	state uint64
	stuck bool
}

func (r *random) reset(cfg Config, cause Cause) {
	r.stuck = cfg.RNG == Stuck
	if cfg.RNG != Free || cause == Power {
		r.state = cfg.Seed
	}
}

func (r *random) word() uint32 {
	z := r.state + 0x9e3779b97f4a7c15
	if !r.stuck {
		r.state = z
	}
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return uint32((z ^ z>>31) >> 32)
}

// fill fills p, whose length is a multiple of four.
func (r *random) fill(p []byte) {
	for ; len(p) > 0; p = p[4:] {
		binary.LittleEndian.PutUint32(p, r.word())
	}
}

// wdev is what is known of the radio's block at 0x3ff20c00: a counter of
// microseconds and the random number.
type wdev Machine

func (w *wdev) load(off uint32) (uint32, error) {
	switch off {
	case 0x000:
		return uint32(w.clock.now() / perMicrosecond), nil
	case 0x244:
		return w.random.word(), nil
	}
	return 0, ErrUnknown
}

func (w *wdev) store(uint32, uint32) error { return ErrUnknown }

// SetRNG changes what the register of random numbers holds, from now on and
// over resets.
func (m *Machine) SetRNG(mode RNG) {
	m.cfg.RNG = mode
	m.random.stuck = mode == Stuck
}
