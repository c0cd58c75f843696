package rfc2217

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"
)

// Scheme begins the name of a port that is served.
const Scheme = "rfc2217:"

// ErrURL reports a name that does not say where a port is served.
var ErrURL = errors.New("rfc2217: not an address")

// Address says where a port is served, and how a client is to deal with its
// server.
type Address struct {
	HostPort string // as net.Dial takes it; the host may be empty

	// IgnoreControl is pyserial's ign_set_control: a server is not waited for
	// that never says whether it has moved a line.
	IgnoreControl bool
	// Timeout is how long any answer may take; 0 leaves it to the client.
	Timeout time.Duration
}

// Parse takes rfc2217://host:port, with the options that pyserial knows behind a
// question mark: ign_set_control, timeout=SECONDS; poll_modem and logging=LEVEL
// are accepted, and change nothing here. The error is ErrURL.
func Parse(name string) (Address, error) {
	u, err := url.Parse(name)
	if err != nil {
		return Address{}, fmt.Errorf("%w: %q: %v", ErrURL, name, errors.Unwrap(err))
	}
	host, port, err := net.SplitHostPort(u.Host)
	if _, bad := strconv.ParseUint(port, 10, 16); u.Scheme+":" != Scheme || err != nil || bad != nil {
		return Address{}, fmt.Errorf("%w: %q is not like rfc2217://127.0.0.1:4000", ErrURL, name)
	}
	if u.Path != "" && u.Path != "/" || u.User != nil || u.Fragment != "" {
		return Address{}, fmt.Errorf("%w: %q has more than host, port and options", ErrURL, name)
	}
	a := Address{HostPort: net.JoinHostPort(host, port)}
	options, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Address{}, fmt.Errorf("%w: %q: %v", ErrURL, name, err)
	}
	for option, values := range options {
		switch option {
		case "ign_set_control":
			a.IgnoreControl = true
		case "timeout":
			seconds, err := strconv.ParseFloat(values[0], 64)
			if err != nil || !(seconds > 0 && seconds <= longestTimeout) {
				return Address{}, fmt.Errorf("%w: %q: timeout=%s is no number of seconds up to %d", ErrURL, name, values[0], longestTimeout)
			}
			a.Timeout = time.Duration(seconds * float64(time.Second))
		case "poll_modem", "logging":
		default:
			return Address{}, fmt.Errorf("%w: %q: option %s is unknown; ign_set_control and timeout=SECONDS are known", ErrURL, name, option)
		}
	}
	return a, nil
}

const longestTimeout = 600 // seconds

// Listen listens where name says.
func Listen(name string) (net.Listener, error) {
	a, err := Parse(name)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", a.HostPort)
	if err != nil {
		return nil, fmt.Errorf("rfc2217: listening on %s: %w", a.HostPort, err)
	}
	return l, nil
}
