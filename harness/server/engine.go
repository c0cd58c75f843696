package server

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"time"

	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
)

// engineTime is how long an engine may take to say its name. One that hangs is
// as good as none.
const engineTime = 5 * time.Second

// engine is a Docker engine that answers.
type engine struct {
	provider *testcontainers.DockerProvider
	client   client.APIClient
	host     string     // where ports that it publishes are reached from here
	bind     netip.Addr // the engine's address on which they are published
	version  string
	arch     string // as Go names it
}

// String names the engine in errors and reports.
func (e *engine) String() string {
	return fmt.Sprintf("Docker engine %s at %s", e.version, e.client.DaemonHost())
}

// findEngine returns the Docker engine that DOCKER_HOST, the Docker context or
// the usual socket leads to.
func findEngine(ctx context.Context) (*engine, error) {
	ctx, cancel := context.WithTimeout(ctx, engineTime)
	defer cancel()
	if err := dockerHostAnswers(ctx); err != nil {
		return nil, err
	}

	// The reaper of testcontainers is an image of its own, which would have to
	// be pulled. Leftovers are removed by their labels instead; see leftover.go.
	preset("TESTCONTAINERS_RYUK_DISABLED", "true")
	log.SetDefault(log.NewNoopLogger())

	type found struct {
		provider *testcontainers.DockerProvider
		err      error
	}
	answer := make(chan found, 1)
	go func() { // looks for the engine without a deadline of its own
		defer func() { // it panics where the engine goes away meanwhile
			if r := recover(); r != nil {
				answer <- found{err: fmt.Errorf("%v", r)}
			}
		}()
		provider, err := testcontainers.NewDockerProvider()
		answer <- found{provider, err}
	}()
	var f found
	select {
	case f = <-answer:
	case <-ctx.Done():
		f.err = ctx.Err()
	}
	if f.err != nil {
		return nil, &silence{"no Docker engine answers", fmt.Errorf("%w; start one, name it in DOCKER_HOST, or use --server process", f.err)}
	}
	e := &engine{provider: f.provider, client: f.provider.Client()}
	v, err := e.client.ServerVersion(ctx, client.ServerVersionOptions{})
	if err != nil {
		return nil, fmt.Errorf("%w: the Docker engine at %s: %w", ErrDocker, e.client.DaemonHost(), err)
	}
	e.version, e.arch = v.Version, v.Arch
	if v.Os != "linux" {
		return nil, fmt.Errorf("%w: %v runs %s containers; the server's are Linux", ErrDocker, e, v.Os)
	}
	return e, e.locate(ctx)
}

// silence is an [ErrDocker] for want of an engine: in few words, for a run that
// goes on without one, and in full, for one that does not.
type silence struct {
	brief string
	err   error
}

func (s *silence) Error() string   { return fmt.Sprintf("%v: %s: %v", ErrDocker, s.brief, s.err) }
func (s *silence) Unwrap() []error { return []error{ErrDocker, s.err} }

// dockerHostAnswers tries the engine that DOCKER_HOST names, if it is set.
// testcontainers would turn to the local engine where that one is silent; who
// named an engine does not want another.
func dockerHostAnswers(ctx context.Context) error {
	host := os.Getenv("DOCKER_HOST")
	if host == "" {
		return nil
	}
	c, err := client.New(client.FromEnv)
	if err == nil {
		defer c.Close()
		_, err = c.Ping(ctx, client.PingOptions{})
	}
	if err != nil {
		return &silence{"no Docker engine answers at DOCKER_HOST=" + host, fmt.Errorf("%w; start it, unset the variable, or use --server process", err)}
	}
	return nil
}

// locate finds out where published ports are reached.
//
// Where testcontainers takes this process to be inside a container, because
// there is a /.dockerenv, it goes to a gateway: the bridge's, or that of the
// default route. That is right where the engine runs outside the container, and
// wrong where it runs inside as well, or the container is really a virtual
// machine, as in many a CI. There the bridge is an interface of ours, and
// loopback the way to the port.
func (e *engine) locate(ctx context.Context) error {
	if daemon, err := url.Parse(e.client.DaemonHost()); err == nil && daemon.Scheme == "unix" && e.isHere(ctx) {
		preset("TESTCONTAINERS_HOST_OVERRIDE", "localhost")
	}
	host, err := e.provider.DaemonHost(ctx)
	if err != nil {
		return fmt.Errorf("%w: where %v publishes ports: %w", ErrDocker, e, err)
	}
	e.host, e.bind = host, netip.IPv4Unspecified()
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		e.host, e.bind = "127.0.0.1", netip.AddrFrom4([4]byte{127, 0, 0, 1}) // the LAN has no business there
	}
	return nil
}

// isHere reports whether the engine's bridge is an interface of this process's
// own network: it has its name, and an address in its subnet.
func (e *engine) isHere(ctx context.Context) bool {
	bridge, err := e.client.NetworkInspect(ctx, testcontainers.Bridge, client.NetworkInspectOptions{})
	if err != nil {
		return false
	}
	ours, err := net.InterfaceByName(bridge.Network.Options["com.docker.network.bridge.name"])
	if err != nil {
		return false
	}
	addrs, err := ours.Addrs()
	if err != nil {
		return false
	}
	for _, c := range bridge.Network.IPAM.Config {
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil && c.Subnet.Contains(p.Addr()) {
				return true
			}
		}
	}
	return false
}

// preset sets an environment variable that the user has not set. testcontainers
// takes these settings from nowhere else.
func preset(name, value string) {
	if _, set := os.LookupEnv(name); !set {
		os.Setenv(name, value)
	}
}
