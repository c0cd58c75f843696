package server

import (
	"context"
	"errors"
	"fmt"
)

// Mode says where a server runs.
type Mode string

// The modes.
const (
	Auto      Mode = ""          // a container where a Docker engine answers, else a process
	Container Mode = "container" // a container, or an error
	Process   Mode = "process"   // a child process
	External  Mode = "external"  // under a URL; not started from here
)

// ParseMode reads what --server takes: auto, container, process, or the URL of
// a server.
func ParseMode(s string) (mode Mode, url string, err error) {
	switch s {
	case "auto", "":
		return Auto, "", nil
	case string(Container), string(Process):
		return Mode(s), "", nil
	}
	if _, err := parseURL(s); err != nil {
		return "", "", fmt.Errorf("server: %q is neither auto, container or process, nor a URL such as http://192.168.1.5:1880", s)
	}
	return External, s, nil
}

// String returns the mode as ParseMode takes it.
func (m Mode) String() string {
	if m == Auto {
		return "auto"
	}
	return string(m)
}

// choose finds a seat for the server, and says why it is that one.
func choose(ctx context.Context, config Config) (Mode, string, seat, error) {
	switch config.Mode {
	case Process:
		p, err := newProcess(ctx, config)
		return Process, "as asked for", p, err
	case Container:
		c, err := newContainer(ctx, config)
		return Container, "as asked for", c, err
	case Auto:
		c, err := newContainer(ctx, config)
		if err == nil {
			return Container, c.engine.String() + " answers", c, nil
		}
		if ctx.Err() != nil {
			return Auto, "", nil, err
		}
		p, processErr := newProcess(ctx, config)
		if processErr != nil {
			return Auto, "", nil, fmt.Errorf("%w; and no process either: %w", err, processErr)
		}
		var quiet *silence
		if errors.As(err, &quiet) {
			return Process, quiet.brief, p, nil
		}
		return Process, err.Error(), p, nil
	}
	return Auto, "", nil, fmt.Errorf("server: unknown mode %q", config.Mode)
}
