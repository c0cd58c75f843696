package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/timeline"
)

// timelineFile lies beside report.json.
const timelineFile = "timeline.jsonl"

// begin writes the report of a run that has not begun. What lies there from an
// earlier one must not pass for this one's: until it is finished, a report is red.
func begin(dir string, run *report.Run) error {
	if err := os.Remove(filepath.Join(dir, timelineFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return usage("--out: %w", err)
	}
	if err := leaveRun(dir, run); err != nil {
		return usage("--out: %w", err)
	}
	return nil
}

// keepTimeline writes what was heard in a run, its specs among it, and notes which
// lines belong to which spec. It cannot be asked again once the rig is down.
func keepTimeline(r *rig.Rig, run *report.Run, dir string) error {
	var specs []timeline.Event
	for _, res := range run.Results {
		if res.Started.IsZero() {
			continue
		}
		at := res.Started.Sub(run.Started)
		specs = append(specs,
			timeline.Event{At: at, Lane: timeline.Spec, Text: "begins: " + res.ID},
			timeline.Event{At: at + res.Duration, Lane: timeline.Spec, Text: string(res.Status) + ": " + res.ID})
	}
	all := timeline.Gather(specs, r.Heard(run.Started))
	for i := range run.Results {
		res := &run.Results[i]
		if !res.Started.IsZero() {
			at := res.Started.Sub(run.Started)
			first, last := timeline.Slice(all, at, at+res.Duration)
			res.Heard = &report.Span{First: first + 1, Last: last}
		}
	}
	clean := report.Cleaner(run.Secrets)
	for i := range all {
		e := &all[i]
		e.Text, e.Raw = clean.Replace(e.Text), []byte(clean.Replace(string(e.Raw)))
	}
	f, err := os.Create(filepath.Join(dir, timelineFile))
	if err != nil {
		return err
	}
	if err := timeline.Write(f, all); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
