package hooks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
)

// maxAnswer bounds what is read of a hook, in bytes.
const maxAnswer = 16 << 20

// run runs a command. What it says goes to files and not through pipes: a backend
// that it starts keeps them open.
func run(ctx context.Context, command string, q asked) (said, error) {
	shell := []string{"sh", "-c", command}
	if runtime.GOOS == "windows" {
		shell = []string{"cmd", "/C", command}
	}
	if _, err := exec.LookPath(shell[0]); err != nil {
		return nil, fmt.Errorf("there is no shell here to run the command %q; name a URL instead: %w", command, err)
	}
	out, err := os.CreateTemp("", "espalier-hook")
	if err != nil {
		return nil, err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	errs, err := os.CreateTemp("", "espalier-hook")
	if err != nil {
		return nil, err
	}
	defer os.Remove(errs.Name())
	defer errs.Close()
	c := exec.CommandContext(ctx, shell[0], shell[1:]...)
	c.Stdout, c.Stderr = out, errs
	c.Env = append(os.Environ(), "ESPALIER_HOOK="+q.Hook, "ESPALIER_DEVICE="+q.Device, "ESPALIER_PASSPHRASE="+q.Passphrase)
	if q.Next != nil {
		c.Env = append(c.Env, "ESPALIER_NEXT="+strconv.FormatUint(*q.Next, 10))
	}
	if q.From != nil {
		c.Env = append(c.Env, "ESPALIER_FROM="+strconv.FormatUint(*q.From, 10))
	}
	whole(c)
	failed := c.Run()
	text, err := reread(out)
	complaint, _ := reread(errs)
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("the command %q did not end in time: %w; it says %s", command, context.Cause(ctx), complaint)
	case failed != nil:
		return nil, fmt.Errorf("the command %q: %w; it says %s", command, failed, complaint)
	}
	return text, err
}

// reread returns what a file has now.
func reread(f *os.File) (said, error) {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return bounded(f)
}

// bounded reads to the end.
func bounded(r io.Reader) (said, error) {
	p, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	if err == nil && len(p) > maxAnswer {
		return nil, errors.New("it answers with more than 16 MiB")
	}
	return p, err
}
