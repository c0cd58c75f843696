package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/harness/crash"
	"github.com/espalier-hil/espalier/harness/rig"
)

// maxELF bounds what is read as an ELF file: an Arduino sketch with all that
// debuggers want has a few MiB.
const maxELF = 64 << 20

const elfUsage = "the program in this ELF `file` names functions and lines of a crash"

// deathMark is before what a crash means.
const deathMark = "†"

// lastWords returns what a board that kept a rig from coming up said as it died,
// and what that means, in lines of their own; nothing for other failures.
func lastWords(err error) string {
	var b strings.Builder
	if f, ok := errors.AsType[*rig.Fault](err); ok {
		for _, line := range f.Crash {
			fmt.Fprintf(&b, "\n  %s %s", deathMark, printable(line))
		}
	}
	return b.String()
}

// readELF returns the ELF file at path and what is in it, or nothing if path is
// empty. An image, if there is one, must have been made from it.
func readELF(path string, im []byte) ([]byte, *crash.Symbols, error) {
	if path == "" {
		return nil, nil, nil
	}
	p, err := readRegular(path, maxELF)
	if err != nil {
		return nil, nil, usage("--elf %s: %w", path, err)
	}
	symbols, err := crash.Load(p)
	if err == nil && im != nil {
		var parsed *image.Image
		if parsed, _, err = image.Parse(im); err == nil {
			err = symbols.Fits(parsed)
		}
	}
	if err != nil {
		return nil, nil, usage("--elf %s: %w", path, fmt.Errorf("%w; the linker writes it, and the image is made from it", err))
	}
	return p, symbols, nil
}
