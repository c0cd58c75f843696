package cli

import (
	"errors"
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/boards/rfc2217"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/report"
)

// listen opens the address at which a board is to be served, or nothing where
// none is named.
func listen(url string) (net.Listener, error) {
	if url == "" {
		return nil, nil
	}
	l, err := rfc2217.Listen(url)
	if errors.Is(err, rfc2217.ErrURL) {
		return nil, usage("--listen: %w", err)
	}
	return l, fail(report.CodePort, err)
}

// power powers the board behind a pseudo terminal, or behind a server if there
// is a listener. Others name its port by path; whatever ends the server is sent
// on served, which is nil without one.
func power(cmd *cobra.Command, b *virtual.Board, l net.Listener) (path string, served chan error, err error) {
	if l == nil {
		path, err := b.OpenPTY()
		return path, nil, fail(report.CodePort, err)
	}
	p, err := b.Live()
	if err != nil {
		return "", nil, fail(report.CodePort, err)
	}
	s := rfc2217.NewServer(p, rfc2217.Config{
		Signature: fmt.Sprintf("virtual ESP8266, espalier %s", version()), Baud: virtual.Baud, Log: cmd.ErrOrStderr()})
	served = make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	return fmt.Sprintf("%s//%s", rfc2217.Scheme, l.Addr()), served, nil
}

// keep waits for the end: the user's, the board's or the server's.
func keep(cmd *cobra.Command, b *virtual.Board, l net.Listener, served chan error) error {
	var err error
	select {
	case <-cmd.Context().Done():
	case <-b.Halted():
	case err = <-served:
		served = nil
	}
	if served != nil { // it tells its client what the board has said last
		if b.Err() == nil {
			_ = l.Close()
		}
		err = <-served
	}
	if b.Err() != nil {
		return fail(report.CodeCrash, b.Err())
	}
	return fail(report.CodePort, err)
}
