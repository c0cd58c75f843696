package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/hooks"
	"github.com/espalier-hil/espalier/suites/live"
)

// hookFlags are the hooks that an implementer has written.
type hookFlags struct{ set hooks.Set }

func (f *hookFlags) flags(cmd *cobra.Command) {
	fl := cmd.Flags()
	const what = "`command`, or URL, that "
	fl.StringVar(&f.set.Provision, "hook-provision", "", what+"makes a device known; see espalier help hooks")
	fl.StringVar(&f.set.State, "hook-state", "", what+"tells what is kept of a device")
	fl.StringVar(&f.set.Restart, "hook-restart", "", what+"stops the backend in good order and starts it again")
	fl.StringVar(&f.set.Kill, "hook-kill", "", what+"kills the backend and starts it again")
	fl.DurationVar(&f.set.Time, "hook-timeout", 30*time.Second, "`time` for one hook, and then for the backend to answer")
}

// hooks returns what the target can do, after a first question to the hook for
// the state, if there is one.
func (f *hookFlags) hooks(ctx context.Context, target *live.Target) (err error) {
	f.set.URL = target.URL
	known := ""
	if len(target.Devices) > 0 {
		known = target.Devices[0].ID
	}
	if target.Hooks, err = f.set.Hooks(ctx, known); err != nil {
		return fail(report.CodeHarness, err)
	}
	return nil
}
