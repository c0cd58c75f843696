package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/boards/image"
	"github.com/espalier-hil/espalier/harness/report"
)

// maxImage bounds what is read as an image; the flash window maps no more.
const maxImage = 1 << 20

// readImage returns the image in a file, or the one that is built in if path is
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
