package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// flagged returns a command with one flag of each kind, which settles.
func flagged() *cobra.Command {
	cmd := &cobra.Command{Use: "x", SilenceErrors: true, SilenceUsage: true, RunE: func(cmd *cobra.Command, _ []string) error { return settle(cmd) }}
	fl := cmd.Flags()
	fl.String("config", "", "")
	fl.String("url", "", "")
	fl.String("passphrase", "", "")
	fl.StringArray("device", nil, "")
	fl.UintSlice("next", nil, "")
	fl.StringSlice("profile", []string{"core"}, "")
	fl.Bool("disposable", false, "")
	fl.Duration("hook-timeout", 0, "")
	return cmd
}

// The command line wins over the environment, and that over the file.
func TestSettle(t *testing.T) {
	for name, tt := range map[string]struct {
		args      []string
		env, file string
		want      string // url device next profile disposable hook-timeout
		says      string
	}{
		"nothing":             {nil, "", "", " [] [] [core] false 0s", ""},
		"a file":              {nil, "", "url: http://a\ndevice: [t1, 12FA]\nnext: [1, 2]\nprofile: secure\ndisposable: true\nhook-timeout: 2s\n", "http://a [t1,12FA] [1,2] [secure] true 2s", ""},
		"as it is written":    {nil, "", "device: [0123, 1e3, true]\nurl: |-\n  a\n", "a [0123,1e3,true] [] [core] false 0s", ""},
		"one value":           {nil, "", "device: t1", " [t1] [] [core] false 0s", ""},
		"an empty file":       {nil, "", "# nothing\n", " [] [] [core] false 0s", ""},
		"environment":         {nil, "ESPALIER_DEVICE=t1,t2 ESPALIER_PROFILE=strict,durable ESPALIER_HOOK_TIMEOUT=1m ESPALIER_DISPOSABLE=true", "", " [t1,t2] [] [strict,durable] true 1m0s", ""},
		"lines":               {nil, "ESPALIER_DEVICE=t1,a\nt2", "", ` ["t1,a",t2] [] [core] false 0s`, ""},
		"all three":           {[]string{"--device", "t1", "--profile", "core"}, "ESPALIER_DEVICE=t2 ESPALIER_URL=http://b", "device: t3\nurl: http://c\nnext: 7\nprofile: strict", "http://b [t1] [7] [core] false 0s", ""},
		"a passphrase":        {nil, "ESPALIER_PASSPHRASE=x", "", " [] [] [core] false 0s", ""},
		"an unknown name":     {nil, "", "url: http://a\n\nnxt: 1\n", "", "line 3: there is no flag --nxt"},
		"twice":               {nil, "", "url: a\nurl: b\n", "", "already defined"},
		"its own name":        {nil, "", "config: x\n", "", "line 1: there is no flag --config that could be set here"},
		"a secret":            {nil, "", "passphrase: x\n", "", "line 1: a passphrase belongs in a file of its own"},
		"no number":           {nil, "", "next: [1, x]\n", "", "line 1: next: "},
		"a list for one":      {nil, "", "url: [a, b]\n", "", "line 1: url: 2 values, and it takes one"},
		"a list of lists":     {nil, "", "device: [[a, b]]\n", "", "line 1: device: a list of values is wanted"},
		"a map":               {nil, "", "url: {a: b}\n", "", "line 1: url: a value is wanted"},
		"no value":            {nil, "", "url:\n", "", "line 1: url: a value is wanted"},
		"no map":              {nil, "", "- a\n", "", "mapping is expected"},
		"no YAML":             {nil, "", "url: [", "", "[1:"},
		"a tag":               {nil, "", "url: ! 00", "", "line 1: tags"},
		"no number, from env": {nil, "ESPALIER_NEXT=x", "", "", "ESPALIER_NEXT=x: "},
	} {
		t.Run(name, func(t *testing.T) {
			for _, pair := range strings.Fields(strings.ReplaceAll(tt.env, "\n", "\v")) {
				key, value, _ := strings.Cut(pair, "=")
				t.Setenv(key, value)
			}
			if name == "lines" { // which Fields would have taken apart
				t.Setenv("ESPALIER_DEVICE", "t1,a\nt2")
			}
			if tt.file != "" {
				path := filepath.Join(t.TempDir(), "x.yaml")
				if err := os.WriteFile(path, []byte(tt.file), 0o600); err != nil {
					t.Fatal(err)
				}
				tt.args = append(tt.args, "--config", path)
			}
			cmd := flagged()
			cmd.SetArgs(tt.args)
			err := cmd.Execute()
			if tt.says != "" {
				if err == nil || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("%v, want it to say %q", err, tt.says)
				}
				return
			}
			var got []string
			for _, name := range []string{"url", "device", "next", "profile", "disposable", "hook-timeout"} {
				got = append(got, cmd.Flags().Lookup(name).Value.String())
			}
			if text := fmt.Sprint(strings.Join(got, " ")); err != nil || text != tt.want {
				t.Errorf("%s, %v\nwant %s", text, err, tt.want)
			}
		})
	}
}

// Whatever is in the file, it is an error or flags.
func FuzzConfigure(f *testing.F) {
	f.Add([]byte("url: http://a\ndevice: [t1, 12FA]\nnext: [1, 2]\n"))
	f.Add([]byte("url: ! 00"))
	f.Add([]byte("{url: |-\n a}"))
	f.Fuzz(func(_ *testing.T, text []byte) {
		if err := configure(flagged().Flags(), text); err != nil {
			_ = err.Error()
		}
	})
}
