package live

import (
	"context"
	"errors"

	"github.com/espalier-hil/espalier/harness/server"
)

// Served returns a server of the harness as a target, with all hooks that it
// has: one that is somebody else's is neither restarted nor killed.
func Served(s *server.Server) Target {
	url := func() string { return s.URL() + "/data" } // which moves with each restart
	again := func(do func(context.Context) error) func(context.Context) (string, error) {
		return func(ctx context.Context) (string, error) {
			err := do(ctx)
			return url(), err
		}
	}
	hooks := Hooks{
		Provision: s.Provision,
		State: func(ctx context.Context, id string) (State, error) {
			d, err := s.Device(ctx, id)
			if errors.Is(err, server.ErrNoDevice) {
				return State{Unknown: true}, nil
			}
			return State{Next: d.Next, Missing: &d.Missing}, err
		},
		Readings: func(ctx context.Context, id string, from uint64) (list []Reading, err error) {
			stored, err := s.Readings(ctx, id, from, 0)
			for _, r := range stored {
				list = append(list, Reading{r.SEQN, r.Data})
			}
			return list, err
		},
	}
	if s.Mode() != server.External {
		hooks.Restart, hooks.Kill = again(s.Restart), again(s.Kill)
	}
	return Target{URL: url(), Hooks: hooks}
}
