//go:build !linux

package port

import "errors"

// lock is nothing here: on Windows a port opens once, and elsewhere the
// library's TIOCEXCL has to do.
type lock struct{}

func hold(string) (*lock, error) { return &lock{}, nil }

func (*lock) setLines(bool, bool) error { return errors.ErrUnsupported }

func (*lock) release() {}
