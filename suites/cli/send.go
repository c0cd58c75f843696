package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/generator"
)

func sendCommand() *cobra.Command {
	var key secret
	var dev generator.Device
	var state string
	var count int
	var every time.Duration
	cmd := &cobra.Command{
		Use:   "send [DATA]",
		Short: "Be a device in software: seal readings and post them",
		Long: `Send seals readings and posts them to a backend, as a device would. Each send is
one line of JSON on standard output. DATA is the JSON value to send; without it,
each reading is {"value": N} with N counting up.

A device must never use a SEQN twice. With --state FILE the next number is kept
there, and written before each message leaves.

Exit codes: 0 all accepted, 1 something refused, 5 no reply, 6 interrupted.`,
		Example: `  # with a backend from: espalier server --db readings.db \
  #   --device 12FA:2B7E151628AED2A6ABF7158809CF4F3C:0
  export ESPALIER_PASSPHRASE=2B7E151628AED2A6ABF7158809CF4F3C
  espalier send --url http://127.0.0.1:1880 --device 12FA --state 12FA.seqn --count 3
  espalier send --state 12FA.seqn '{"value":300}'`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exactly("DATA", "")(cmd, args)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if dev.Passphrase, err = key.get(cmd); err != nil {
				return err
			}
			if u, err := url.Parse(dev.URL); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
				return usage("--url %q is not like http://127.0.0.1:1880", dev.URL)
			}
			if dev.ID == "" || count < 0 || every < 0 {
				return usage("--device must not be empty, --count and --every not be negative")
			}
			if state != "" {
				if dev.Next, err = loadState(state, dev.Next); err != nil {
					return fail(report.CodeUsage, err)
				}
			}
			s := sender{cmd: cmd, dev: &dev, state: state, wanted: count}
			for i := range count {
				if i > 0 {
					s.pause(every)
				}
				if cmd.Context().Err() != nil {
					break
				}
				data := fmt.Sprintf(`{"value":%d}`, dev.Next)
				if len(args) == 1 {
					data = args[0]
				}
				if err := s.send(data); err != nil {
					return err
				}
			}
			return s.verdict()
		},
	}
	key.flags(cmd)
	cmd.Flags().StringVar(&dev.URL, "url", "http://127.0.0.1:1880", "`base` of the backend; /data/ID is added")
	cmd.Flags().StringVar(&dev.ID, "device", "12FA", "device `id`")
	cmd.Flags().Uint64Var(&dev.Next, "seqn", 0, "first sequence `number`; a larger one in --state wins")
	cmd.Flags().StringVar(&state, "state", "", "`file` that keeps the next sequence number")
	cmd.Flags().IntVar(&count, "count", 1, "`how many` readings to send")
	cmd.Flags().DurationVar(&every, "every", 0, "`pause` between readings, as 500ms")
	return cmd
}

// sender sends readings and remembers the worst that came of it.
type sender struct {
	cmd          *cobra.Command
	dev          *generator.Device
	state        string
	wanted, sent int
	unanswered   int
	refused      int
	last         error
}

func (s *sender) send(data string) error {
	if !json.Valid([]byte(data)) {
		return usage("DATA is not one JSON value: %.60q; a text needs its quotes: '\"text\"'", data)
	}
	if s.state != "" {
		if err := saveState(s.state, s.dev.Next+1); err != nil {
			return fail(report.CodeUsage, err)
		}
	}
	sent, err := s.dev.Send(s.cmd.Context(), data)
	if err != nil {
		return fail(report.CodeUsage, err)
	}
	s.sent++
	switch sent.Outcome {
	case generator.Refused:
		s.refused++
	case generator.Unknown:
		s.unanswered++
		s.last = sent.Err
	}
	line, err := json.Marshal(sent)
	if err != nil {
		return fail(report.CodeHarness, err)
	}
	fmt.Fprintf(s.cmd.OutOrStdout(), "%s\n", line)
	return nil
}

// pause waits between two readings, or until somebody interrupts.
func (s *sender) pause(d time.Duration) {
	select {
	case <-s.cmd.Context().Done():
	case <-time.After(d):
	}
}

func (s *sender) verdict() error {
	switch {
	case s.refused > 0:
		return fail(report.CodeNonconformant, fmt.Errorf("%d of %d readings were refused by %s: is the passphrase the device's, and SEQN %d not behind what the backend expects?",
			s.refused, s.sent, s.dev.URL, s.dev.Next-1))
	case s.cmd.Context().Err() != nil:
		return fail(report.CodePartial, fmt.Errorf("interrupted after %d of %d readings", s.sent, s.wanted))
	case s.unanswered > 0:
		return fail(report.CodeUnreachable, fmt.Errorf("%d of %d readings got no reply from %s: %w", s.unanswered, s.sent, s.dev.URL, s.last))
	case s.sent == 0:
		return fail(report.CodeNothing, errors.New("nothing was sent"))
	}
	return nil
}

// maxState bounds what is read for one number.
const maxState = 4096

// loadState returns the larger of first and the number in the file; a file that
// is not there yet holds none.
func loadState(path string, first uint64) (uint64, error) {
	p, err := readRegular(path, maxState)
	if errors.Is(err, os.ErrNotExist) {
		return first, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading --state %s: %w", path, err)
	}
	n, err := strconv.ParseUint(strings.TrimSpace(string(p)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("--state %s holds %.40q, which is no sequence number; it is left as it is", path, p)
	}
	return max(n, first), nil
}

// saveState replaces the file in one step, flushed, so that neither a crash nor
// a power cut brings an old number back.
func saveState(path string, next uint64) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".seqn-*")
	if err != nil {
		return fmt.Errorf("writing --state: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintln(f, next)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("writing --state: %w", err)
	}
	return nil
}
