//go:build !linux

package virtual

import "errors"

// openTerminal needs to read the host's speed from the board's end, which is
// known to work on Linux alone.
func openTerminal() (*terminal, error) { return nil, errors.ErrUnsupported }

func (t *terminal) baud() (int, error) { return 0, errors.ErrUnsupported }
