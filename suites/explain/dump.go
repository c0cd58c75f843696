package explain

import (
	"bytes"
	"fmt"
	"strings"
)

// row is sixteen bytes of a message, what they are, and what they decrypt to.
type row struct {
	at     int
	bytes  []byte
	marks  []int // bytes that were changed
	right  string
	note   string
	shade  shade
	plain  []byte // second line, if the text beside the bytes does not say it
	plain2 []int  // marks of it
	pads   int    // how many of its last bytes are padding
	dull   bool   // can be left out where there are many
}

func (p *page) row(r row) {
	p.line("  %s  %s  %s  %s", p.paint(faint, fmt.Sprintf("%04x", r.at)), p.paint(r.shade, pad(groups(r.bytes), 35)), pad(r.right, 16), r.note)
	p.underline(r.marks, 0)
	if r.plain != nil {
		p.line("        %s", p.paint(faint, groups(r.plain)))
		p.underline(r.plain2, r.pads)
	}
}

// underline points at bytes of the row above: ^ at those that were changed, ~ at
// the last few, which are padding.
func (p *page) underline(marks []int, pads int) {
	line := []byte(strings.Repeat(" ", 36))
	for i := blockSize - pads; i < blockSize; i++ {
		copy(line[2*i+i/4:], "~~")
	}
	for _, i := range marks {
		copy(line[2*i+i/4:], "^^")
	}
	shade := red
	if len(marks) == 0 {
		shade = yellow
	}
	if text := strings.TrimRight(string(line), " "); text != "" {
		p.line("        %s", p.paint(shade, text))
	}
}

// groups writes up to 16 bytes as hexadecimal digits, in groups of four bytes.
func groups(p []byte) string {
	var b strings.Builder
	for i, c := range p {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%02x", c)
	}
	return b.String()
}

func pad(text string, n int) string { return text + strings.Repeat(" ", max(0, n-len([]rune(text)))) }

// fewest is how many dull rows are left out at least, if any.
const fewest = 4

// rows writes the rows, of the dull ones in the middle only how many they are.
func (p *page) rows(list []row) {
	for i := 0; i < len(list); i++ {
		end := i
		for end < len(list)-3 && i > 2 && list[end].dull {
			end++
		}
		if end-i >= fewest {
			p.line("  %s", p.paint(faint, fmt.Sprintf("…     %d rows more", end-i)))
			i = end
		}
		p.row(list[i])
	}
}

// hexdump writes bytes that are not taken apart.
func (p *page) hexdump(raw []byte) {
	var list []row
	for at := 0; at < len(raw); at += 16 {
		part := raw[at:min(at+16, len(raw))]
		list = append(list, row{at: at, bytes: part, right: dots(part), dull: at > 0})
	}
	p.rows(list)
}

// blocks writes a message block by block, each with what it decrypts to beside
// it. Where the ciphertext was changed it says so, and points at the bytes.
func (p *page) blocks(w *way, well message) {
	p.line("  %s", p.paint(faint, pad("", 6)+pad("ciphertext", 37)+pad("decrypts to", 18)+"block"))
	head := w.raw[:headerSize]
	list := []row{{bytes: head, right: dots(head), note: "magic, salt", shade: blue}}
	padding := w.padded[len(w.padded)-int(min(w.padded[len(w.padded)-1], blockSize)):]
	for i := 0; i < len(w.padded)/blockSize; i++ {
		list = append(list, w.block(i, well, len(padding)))
	}
	p.rows(list)
}

func (w *way) block(i int, well message, padding int) row {
	at := i * blockSize
	ct, text := w.raw[headerSize+at:headerSize+at+blockSize], w.padded[at:at+blockSize]
	r := row{at: headerSize + at, bytes: ct, right: dots(text), note: fmt.Sprint(i), dull: true}
	from := i
	if len(well.ct) > 0 && !bytes.Equal(ct, blockOf(well.ct, i)) {
		r.dull = false
		if j := find(well.ct, ct); j >= 0 {
			from, r.note = j, fmt.Sprintf("%d (%d)", i, j)
		} else if marks := few(ct, blockOf(well.ct, i)); marks != nil {
			r.marks, r.note = marks, r.note+", edited"
		} else if len(blockOf(well.ct, i)) > 0 && !sameKey(w, well) {
			r.note += ", other key"
		} else {
			r.note += ", new"
		}
	}
	was := blockOf(well.padded, from)
	switch marks := few(text, was); {
	case bytes.Equal(text, was) || len(well.padded) == 0:
	case marks != nil:
		r.plain, r.plain2, r.dull = text, marks, false
		if !strings.Contains(r.note, "edited") {
			r.note += ", changed"
		}
	default:
		r.plain, r.dull = text, false
		r.note = strings.ReplaceAll(r.note, ", edited", "") + ": noise"
	}
	if last := len(w.padded) - blockSize; at == last {
		r.plain, r.dull, r.pads = text, false, padding
		if r.note == fmt.Sprint(i) && padding > 0 {
			r.note += fmt.Sprintf(", pads %d", padding)
		}
	}
	return r
}

// sameKey reports whether the message was sealed with the key that opens it.
func sameKey(w *way, well message) bool {
	return len(well.ct) > 0 && bytes.Equal(decrypt(w.key, w.iv, well.ct), well.padded)
}

// blockOf returns a block, or nothing if there are not as many.
func blockOf(p []byte, i int) []byte {
	if (i+1)*blockSize > len(p) {
		return nil
	}
	return p[i*blockSize : (i+1)*blockSize]
}

// find returns which block of ct it is, or -1.
func find(ct, block []byte) int {
	for i := range len(ct) / blockSize {
		if bytes.Equal(blockOf(ct, i), block) {
			return i
		}
	}
	return -1
}

// few returns where two blocks differ, if that is in a few bytes.
func few(a, b []byte) []int {
	if len(a) != len(b) {
		return nil
	}
	var marks []int
	for i := range a {
		if a[i] != b[i] {
			marks = append(marks, i)
		}
	}
	if len(marks) > blockSize/2 {
		return nil
	}
	return marks
}
