package crash

import "fmt"

// maxPlaces bounds the text of a dump, in addresses.
const maxPlaces = 32

// Text says what the dump means, a line each: how the device died, where it
// was, and where the calls on its stack return to. More words of a dump add
// lines, and change none. Without symbols there are addresses only, and a word
// on how to have more.
//
// A stack holds what earlier calls have left there, too. "stack?" is a word whose
// call leads to no function that is above it: a leftover, or the caller of one
// that ended by a jump.
func (d *Dump) Text(s *Symbols) []string {
	if !d.began || !d.told() {
		return nil
	}
	text := []string{d.headline()}
	if s == nil {
		for _, w := range d.Words {
			if w.Name == "epc1" || w.Name == "a0" {
				text = append(text, fmt.Sprintf("%s 0x%08x", w.Name, w.Value))
			}
		}
		return append(text, "the ELF of the program would name functions and lines: --elf FILE")
	}
	told, running := map[uint32]bool{}, map[uint32]bool{} // addresses, and functions by where they begin
	for _, w := range d.Words {
		addr, places := s.meaning(w)
		if len(places) == 0 || told[w.Value] || len(told) == maxPlaces {
			continue
		}
		told[w.Value] = true
		name := w.Name
		if callee, direct := s.target(addr); name == stackWord && direct && !running[callee] {
			name += "?"
		} else if f, ok := s.before(addr); ok {
			running[f.addr] = true
		}
		text = append(text, fmt.Sprintf("%s 0x%08x %s", name, w.Value, places[0]))
		for _, p := range places[1:] {
			text = append(text, "  inlined into "+p.String())
		}
	}
	return text
}

// told reports whether the headline is known, of which an exception's comes in
// several lines.
func (d *Dump) told() bool {
	_, where := d.word("epc1")
	return d.ended || d.Death != Exception || where && d.cause() >= 0
}

// meaning returns the address that a word stands for, and its places: none where
// it is no address of code.
func (s *Symbols) meaning(w Word) (uint32, []Place) {
	call := w.Value - 3
	switch w.Name {
	case "epc1", "epc2", "epc3", "depc":
		if w.Value == 0 {
			return 0, nil
		}
		if places := s.At(w.Value); places != nil {
			return w.Value, places
		}
		return w.Value, []Place{{Func: "is no code of this program"}}
	case "a0", stackWord, allocWord:
		if s.called(w.Value) {
			return call, s.At(call)
		}
	case traceWord:
		if s.called(w.Value) {
			return call, s.At(call)
		}
		return w.Value, s.At(w.Value)
	}
	return 0, nil
}
