package maskrom

import "time"

func (r *ROM) sync(q *request) (byte, error) {
	r.loader.value, r.loader.code = q.word(0), 0
	return 0, nil
}

func (r *ROM) flashBegin(q *request) (byte, error) {
	l := &r.loader
	if err := r.flashAttach(); err != nil {
		return 0, err
	}
	if code := l.begin(q); code != 0 {
		return code, nil
	}
	if err := r.cacheOff(); err != nil {
		return 0, err
	}
	ok, err := r.eraseArea(l.addr, l.size)
	if err == nil {
		err = r.overrun()
	}
	return failedUnless(ok), err
}

func (r *ROM) flashData(q *request) (byte, error) {
	l := &r.loader
	p, code := l.block(q)
	if code != 0 {
		return code, nil
	}
	// Whether writing succeeds is not looked at. Reading back goes to the very
	// buffer that was written from: where nothing is read, all looks well.
	if _, err := r.program(l.addr, p); err != nil {
		return 0, err
	}
	if _, err := r.readInto(l.addr, p); err != nil {
		return 0, err
	}
	if err := r.overrun(); err != nil {
		return 0, err
	}
	if checksum(p) != q.sum {
		return errReadBack, nil
	}
	l.wrote(p)
	return 0, nil
}

// flashEnd leaves the loader, whatever it replies.
func (r *ROM) flashEnd(*request) (byte, error) {
	l := &r.loader
	l.exit, l.entry = true, 0
	if l.blocks != l.next || l.size != l.done {
		return errFailed, nil
	}
	r.protect(true)
	return 0, nil
}

func (r *ROM) memBegin(q *request) (byte, error) { return r.loader.begin(q), nil }

func (r *ROM) memData(q *request) (byte, error) {
	l := &r.loader
	p, code := l.block(q)
	if code != 0 {
		return code, nil
	}
	if err := r.m.WriteBytes(l.addr, p); err != nil {
		return 0, err
	}
	l.wrote(p)
	return 0, nil
}

func (r *ROM) memEnd(q *request) (byte, error) {
	if q.size > 8 {
		return errRequest, nil
	}
	if flag := q.data[0]; flag == 0 {
		r.loader.exit, r.loader.entry = true, q.word(1)
	}
	return 0, nil
}

func (r *ROM) writeReg(q *request) (byte, error) {
	r.loader.code = 0
	for i := 0; i < int(q.size)/16*4 && 4*i+16 <= len(q.data); i += 4 {
		addr, value, mask, delay := q.word(i), q.word(i+1), q.word(i+2), q.word(i+3)
		r.m.Advance(time.Duration(delay&0xffff) * delayUnit(r))
		old, err := r.m.Read32(addr)
		if err != nil {
			return 0, err
		}
		if err := r.m.Write32(addr, old&^mask|value&mask); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

func (r *ROM) readReg(q *request) (byte, error) {
	v, err := r.m.Read32(q.word(0))
	if err == nil {
		r.loader.value, r.loader.code = v, 0
	}
	return 0, err
}

// chip tells the ROM what flash it has. Only the sizes of chip and sector
// matter to it.
func (r *ROM) chip(q *request) (byte, error) {
	if q.size != 24 {
		return errRequest, nil
	}
	return 0, r.m.WriteBytes(flashChip, q.data[:24])
}

func failedUnless(ok bool) byte {
	if ok {
		return 0
	}
	return errFailed
}
