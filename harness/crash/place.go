package crash

import (
	"debug/dwarf"
	"fmt"
	"path"
	"sort"
)

// Place is where an address lies in the source.
type Place struct {
	Func string
	File string // as the compiler was told; empty without line tables
	Line int
}

// String is "send (core/control.c:134)".
func (p Place) String() string {
	if p.File == "" {
		return p.Func
	}
	return fmt.Sprintf("%s (%s:%d)", p.Func, p.File, p.Line)
}

// At returns the place of an instruction, and after it those into which it was
// inlined; none if the program has no code there.
func (s *Symbols) At(addr uint32) (places []Place) {
	if addr >= romStart && addr < romEnd {
		return []Place{{Func: s.inROM(addr)}}
	}
	if !s.holds(addr) {
		return nil
	}
	places = []Place{{Func: s.nearest(addr)}}
	if s.lines == nil {
		return places
	}
	defer func() {
		if recover() != nil { // line tables that lie; the name is left
			places = []Place{{Func: s.nearest(addr)}}
		}
	}()
	unit, err := s.lines.Reader().SeekPC(uint64(addr))
	if err != nil {
		return places
	}
	table, err := s.lines.LineReader(unit)
	if err != nil || table == nil {
		return places
	}
	row := lineOf(table, uint64(addr))
	if row.File == nil {
		return places
	}
	places[0].File, places[0].Line = clean(row.File.Name), row.Line
	return s.inlined(unit, addr, table.Files(), places[0])
}

// lineOf returns the row of a table that addr belongs to. Each function has rows
// of its own, in the order of the source, and not of addresses.
func lineOf(table *dwarf.LineReader, addr uint64) dwarf.LineEntry {
	var row, next dwarf.LineEntry
	for open := false; table.Next(&next) == nil; open, row = !next.EndSequence, next {
		if open && row.Address <= addr && addr < next.Address {
			return row
		}
	}
	return dwarf.LineEntry{}
}

// inlined returns the places of an instruction at inner, by the entries of its
// unit.
func (s *Symbols) inlined(unit *dwarf.Entry, addr uint32, files []*dwarf.LineFile, inner Place) []Place {
	var chain []*dwarf.Entry // of subprogram and inlined ones around addr, outermost first
	r := s.lines.Reader()
	r.Seek(unit.Offset)
	for e, err := r.Next(); e != nil && err == nil; e, err = r.Next() {
		if e.Tag == dwarf.TagCompileUnit {
			if e.Offset != unit.Offset {
				break
			}
			continue
		}
		code := e.Tag == dwarf.TagSubprogram || e.Tag == dwarf.TagInlinedSubroutine
		if code && s.covers(e, addr) && len(chain) < maxInlined {
			if chain = append(chain, e); !e.Children {
				break
			}
			continue
		}
		if code && len(chain) > 0 && e.Tag == dwarf.TagSubprogram {
			break // the next function
		}
		if e.Children && e.Tag != dwarf.TagLexDwarfBlock {
			r.SkipChildren()
		}
	}
	if len(chain) == 0 {
		return []Place{inner}
	}
	var places []Place
	for i := len(chain) - 1; i >= 0; i-- {
		inner.Func = s.function(chain[i], inner.Func)
		places = append(places, inner)
		n, _ := chain[i].Val(dwarf.AttrCallFile).(int64)
		line, _ := chain[i].Val(dwarf.AttrCallLine).(int64)
		inner = Place{Func: inner.Func, Line: int(line)}
		if n > 0 && n < int64(len(files)) && files[n] != nil {
			inner.File = clean(files[n].Name)
		}
	}
	return places
}

// maxInlined bounds how deep one call is inlined into another.
const maxInlined = 32

func (s *Symbols) covers(e *dwarf.Entry, addr uint32) bool {
	ranges, err := s.lines.Ranges(e)
	if err != nil {
		return false
	}
	for _, r := range ranges {
		if uint64(addr) >= r[0] && uint64(addr) < r[1] {
			return true
		}
	}
	return false
}

// function returns the name of an entry, which may be told by another that it
// stems from.
func (s *Symbols) function(e *dwarf.Entry, otherwise string) string {
	for range 4 {
		if name, ok := e.Val(dwarf.AttrName).(string); ok {
			return name
		}
		from, ok := e.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset)
		if !ok {
			from, ok = e.Val(dwarf.AttrSpecification).(dwarf.Offset)
		}
		if !ok {
			break
		}
		r := s.lines.Reader()
		r.Seek(from)
		next, err := r.Next()
		if err != nil || next == nil {
			break
		}
		e = next
	}
	return otherwise
}

// nearest returns the function that addr lies in by the symbol table.
func (s *Symbols) nearest(addr uint32) string {
	sym, ok := s.before(addr)
	if !ok || sym.addr < romEnd || sym.size > 0 && addr-sym.addr >= sym.size {
		return "a function without a name"
	}
	return sym.name
}

// inROM says what is known of an address in the mask ROM: which of the functions
// that the program calls begins before it.
func (s *Symbols) inROM(addr uint32) string {
	sym, ok := s.before(addr)
	switch {
	case !ok:
		return "in the mask ROM"
	case sym.addr == addr:
		return sym.name + ", in the mask ROM"
	}
	return fmt.Sprintf("in the mask ROM, 0x%x after %s", addr-sym.addr, sym.name)
}

// before returns the last symbol at addr or before it.
func (s *Symbols) before(addr uint32) (symbol, bool) {
	i := sort.Search(len(s.named), func(i int) bool { return s.named[i].addr > addr })
	if i == 0 {
		return symbol{}, false
	}
	return s.named[i-1], true
}

// clean shortens the name of a file without changing what it means.
func clean(name string) string { return path.Clean(name) }
