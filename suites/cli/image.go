package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/harness/report"
)

// maxImage bounds what is read as an image; the flash window maps no more.
const maxImage = 1 << 20

// imageFor returns the image in a file, or the one that is built in for a board
// if path is empty.
func imageFor(desc *boards.Descriptor, path string) ([]byte, error) {
	switch {
	case path != "":
		return readImage(path)
	case desc.Firmware == "hobbyist":
		return firmware.Hobbyist, nil
	case desc.Firmware == "" && desc.Speech != nil:
		return nil, usage("board %s speaks a language of its own, which the reference firmware does not: name the image that does", desc.Name)
	}
	return firmware.Image, nil
}

// readImage returns the image in a file, or the reference firmware if path is
// empty.
func readImage(path string) ([]byte, error) {
	if path == "" {
		return firmware.Image, nil
	}
	p, err := readRegular(path, maxImage)
	if err == nil {
		_, _, err = image.Parse(p)
	}
	if err != nil {
		return nil, fail(report.CodeFlash, fmt.Errorf("reading the image %s: %w; what can be flashed is a v1 image, as `make firmware` makes it", path, err))
	}
	return p, nil
}

// readRegular returns what a regular file of 1 to limit bytes holds.
func readRegular(path string, limit int64) ([]byte, error) {
	info, err := os.Stat(path)
	var pe *os.PathError
	switch {
	case errors.As(err, &pe):
		return nil, pe.Err // the path is in the message already
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no regular file")
	case info.Size() == 0:
		return nil, errors.New("it is empty")
	case info.Size() > limit:
		return nil, fmt.Errorf("it has %d bytes, at most %d fit", info.Size(), limit)
	}
	return os.ReadFile(path)
}
