// Command elf2image turns an ELF executable for the lx106 into the image that
// the ESP8266's mask ROM boots from flash offset 0.
//
//	elf2image -o OUT.bin IN.elf
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/espalier-hil/espalier/boards/image"
)

func main() {
	out := flag.String("o", "", "write the image to this file")
	flag.Parse()
	if *out == "" || flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: elf2image -o OUT.bin IN.elf")
		os.Exit(2)
	}
	if err := convert(flag.Arg(0), *out); err != nil {
		fmt.Fprintln(os.Stderr, "elf2image:", err)
		os.Exit(1)
	}
}

func convert(in, out string) error {
	f, err := os.Open(in)
	if err != nil {
		return err
	}
	defer f.Close()
	im, err := image.FromELF(f)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	p, err := im.Encode()
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	for _, s := range im.Segments {
		fmt.Printf("  %#08x  %6d bytes\n", s.Addr, len(s.Data))
	}
	fmt.Printf("%s: %d bytes, entry %#08x, checksum %02x\n", out, len(p), im.Entry, im.Checksum())
	return os.WriteFile(out, p, 0o644)
}
