package cli

import "github.com/spf13/cobra"

// hooksTopic is `espalier help hooks`; suites/hooks is what it tells of.
func hooksTopic() *cobra.Command {
	return &cobra.Command{Use: "hooks", Short: "What a hook of conform is asked, and may answer", Long: `A hook does for espalier conform what takes more than the backend's URL. It is a
URL, which is sent a POST with a JSON object, or a command, which the shell runs
and which finds the same in its environment:

  hook        ESPALIER_HOOK        provision, state, restart or kill
  device      ESPALIER_DEVICE      the device's id
  passphrase  ESPALIER_PASSPHRASE  provision: the device's passphrase
  next        ESPALIER_NEXT        provision: the lowest number to accept, where
                                   the device was not known
  from        ESPALIER_FROM        state: the lowest number whose reading is wanted

What it answers, as the body or on standard output, is nothing, or JSON:

  state           {"next": 122}    the lowest number that is still accepted; or
                  {"unknown": true}                where the device is not known
                  and beside next, where the backend can tell,
                  "missing": 3                     numbers that were skipped
                  "readings": [{"seqn": 121, "data": {"value": 1.50}}]
  restart, kill   {"url": "http://127.0.0.1:1881/data"}     where it has moved

It has failed with another exit code than 0, or another status than 200 to 299.
After restart and kill, conform waits until the backend takes connections.

  espalier conform --config conform.yaml --profile durable \
                   --hook-restart 'service b restart' \
                   --hook-kill 'pkill -9 b; service b start'`}
}
