package rig

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/wire"
)

// anyPort is where the wire listens for a device that is told of it.
const anyPort = "127.0.0.1:0"

// start starts the backend, and the wire in front of it.
func (r *Rig) start(ctx context.Context) error {
	r.say(Step{Name: "server", Detail: r.cfg.Server.Mode.String()})
	s, err := server.Start(ctx, r.cfg.Server)
	if err != nil {
		return fault(serverClass(err), "starting the server", err)
	}
	r.Server = s
	r.onClose(s.Stop)
	addr := r.cfg.WireAddr
	switch {
	case addr != "":
	case r.virtual == nil && r.Lacks(boards.Server):
		addr = r.Board.Speech.Backend // compiled in: it must be an address of this machine
	default:
		addr = anyPort
	}
	r.Wire, err = wire.ListenOn(context.WithoutCancel(ctx), addr, s.URL)
	if err != nil && addr != r.cfg.WireAddr && addr != anyPort {
		return fault(report.InfraLink, "listening for the device", fmt.Errorf(
			"%w; that address is compiled into the firmware of board %s: give it to this machine, or name another with --wire-addr if the network leads there", err, r.Board.Name))
	}
	if err != nil {
		return fault(report.Harness, "listening for the device", err)
	}
	listening := r.Wire.Addr()
	r.backend.Store(&listening)
	r.onClose(func(context.Context) error { return r.Wire.Close() })
	if r.virtual != nil {
		r.Wire.OnSilence(func(s wire.Silence) { r.virtual.Hurry(silence[s]) })
	}
	r.say(Step{Name: "server", Detail: fmt.Sprintf("%s at %s: %s", s.Mode(), s.URL(), s.Why()), Over: true})
	return nil
}

// silence is how long the firmware waits for a reply, and at most before it tries
// again.
var silence = map[wire.Silence]time.Duration{wire.NoReply: 5 * time.Second, wire.Pause: 400 * time.Millisecond}

func serverClass(err error) report.Class {
	switch {
	case errors.Is(err, server.ErrDocker):
		return report.InfraCtr
	case errors.Is(err, server.ErrUnreachable):
		return report.Unreachable
	case errors.Is(err, server.ErrBinary):
		return report.Harness
	}
	return report.ServerFailed
}

// introduce gives device and backend the same key and the same next SEQN, and
// tells the device where the backend is. A device that has counted further
// goes on from where it is, new passphrase or not.
func (r *Rig) introduce(ctx context.Context) error {
	r.First = r.cfg.Next
	if next := r.boot.Hello.Next; next != nil {
		r.First = max(r.First, *next)
	}
	if r.First > control.MaxSEQN {
		return fault(report.InfraBoot, "provisioning the device", fmt.Errorf(
			"%w: the device would begin with %d; erase its flash, or name the --flash file of another", control.Exhausted, r.First))
	}
	id := r.Identity
	if err := r.Server.Provision(ctx, id.ID, id.Passphrase, r.First); err != nil {
		return fault(serverClass(err), "provisioning the server", err)
	}
	if !r.Lacks(boards.Provision) {
		soon, cancel := answersSoon(ctx)
		defer cancel()
		next, err := r.Device.Provision(soon, id.ID, id.Passphrase, r.First)
		if err != nil {
			return fault(report.InfraBoot, "provisioning the device", err)
		}
		r.First = next
	}
	if err := r.connect(ctx); err != nil {
		return err
	}
	r.say(Step{Name: "link", Detail: fmt.Sprintf("%s, through the wire at %s; next SEQN %d", r.Link(), r.Wire.Addr(), r.First), Over: true})
	return nil
}

// Link returns the way on which the device reaches the backend.
func (r *Rig) Link() string {
	if r.cfg.Link != "" {
		return r.cfg.Link
	}
	return r.Board.Links[0]
}

// Unheard returns the faults of a network that nobody here would hear of: where the
// board makes its connections itself, out of this machine's sight, one that is
// refused to it.
func (r *Rig) Unheard() []wire.Fault {
	if r.virtual != nil || r.Link() == serial {
		return nil
	}
	return []wire.Fault{wire.Refuse}
}

// connect tells the device where the backend is. Before there is one it does
// nothing.
func (r *Rig) connect(ctx context.Context) error {
	if r.Wire == nil {
		return nil
	}
	addr, err := netip.ParseAddrPort(r.Wire.Addr())
	if err != nil {
		return fault(report.Harness, "telling the device of the backend", err)
	}
	ctx, cancel := answersSoon(ctx)
	defer cancel()
	if r.Board.Speech == nil && !slices.Contains(r.boot.Hello.Links, r.Link()) {
		return fault(report.InfraLink, "choosing link "+r.Link(), fmt.Errorf(
			"the firmware's HELLO names %q; --link chooses among those", r.boot.Hello.Links))
	}
	if err := r.Device.Link(ctx, r.Link()); err != nil {
		return fault(report.InfraLink, "choosing link "+r.Link(), err)
	}
	if r.Lacks(boards.Server) {
		return nil
	}
	if err := r.Device.Server(ctx, addr); err != nil {
		return fault(report.InfraLink, "telling the device of the backend", err)
	}
	return nil
}

// network returns the configuration of a virtual board whose network leads from
// the backend's address, as it is compiled into its firmware, to the wire.
func (r *Rig) network(cfg virtual.Config) virtual.Config {
	if !r.Lacks(boards.Server) || cfg.Dial != nil {
		return cfg
	}
	cfg.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if listening := r.backend.Load(); listening != nil && addr == r.Board.Speech.Backend {
			addr = *listening
		}
		return r.dial(ctx, network, addr)
	}
	return cfg
}
