package crash

import "fmt"

// causes are the values of EXCCAUSE that a program can bring about (Xtensa ISA,
// table "Exception Causes"; on this chip 3 is a byte access to IRAM, ROM or
// flash).
var causes = map[int]string{
	0:  "illegal instruction, or a division by zero",
	1:  "system call",
	2:  "instruction fetch failed",
	3:  "load or store failed: IRAM, ROM and flash take whole words only",
	6:  "division by zero",
	8:  "privileged instruction",
	9:  "unaligned load or store",
	20: "jump to an address where no code is",
	28: "load from an address where nothing is",
	29: "store to an address where nothing is",
}

// addressed are those of which EXCVADDR tells the address.
var addressed = map[int]bool{2: true, 3: true, 9: true, 20: true, 28: true, 29: true}

// Meaning returns what the number of an exception stands for, and nothing for
// one that stands for nothing.
func Meaning(cause int) string { return causes[cause] }

// cause returns the number of the exception, -1 for other deaths.
func (d *Dump) cause() int {
	if told, ok := d.word("exccause"); ok && d.Cause < 0 && told < 64 {
		return int(told)
	}
	return d.Cause
}

// headline says how the device died, in words.
func (d *Dump) headline() string {
	n := d.cause()
	if n < 0 {
		return d.First
	}
	text := fmt.Sprintf("exception %d", n)
	if causes[n] != "" {
		text += ", " + causes[n]
	}
	if at, ok := d.word("excvaddr"); ok && addressed[n] {
		text += fmt.Sprintf(": 0x%08x", at)
	}
	return text
}
