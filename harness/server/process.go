package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/espalier-hil/espalier/harness/leash"
)

// tokenVariable names the environment variable from which the server takes its
// admin token. A command line can be read by every user of the machine.
const tokenVariable = "ESPALIER_ADMIN_TOKEN"

// process is a seat: a child process over a database in a temporary folder.
type process struct {
	binary Binary
	args   []string
	token  string
	dir    string
	pid    int // of the present life
}

func newProcess(ctx context.Context, config Config) (*process, error) {
	binary := config.Binary
	if binary.Path == "" {
		var err error
		if binary, err = FindBinary(ctx); err != nil {
			return nil, err
		}
	}
	dir, err := os.MkdirTemp("", "espalier-server-*")
	if err != nil {
		return nil, fmt.Errorf("%w: folder for its database: %w", ErrStart, err)
	}
	return &process{binary: binary, args: config.Args, token: config.Token, dir: dir}, nil
}

// String names the process in errors.
func (p *process) String() string { return "process " + p.binary.Path }

// arguments returns the server's command line.
func arguments(binary Binary, listen, admin, db string, more []string) []string {
	args := append([]string(nil), binary.Args...)
	args = append(args, "--listen", listen, "--admin", admin, "--db", db)
	return append(args, more...)
}

func (p *process) start(_ context.Context, j *journal) (*life, error) {
	const anyPort = "127.0.0.1:0"
	cmd := exec.Command(p.binary.Path, arguments(p.binary, anyPort, anyPort, filepath.Join(p.dir, "espalier.db"), p.args)...)
	cmd.Env = append(os.Environ(), tokenVariable+"="+p.token)
	cmd.Dir = p.dir
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("%w: %v: %w", ErrStart, p, err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("%w: %v: %w", ErrStart, p, err)
	}
	l := newLife()
	err = leash.Start(cmd, func() {
		var both sync.WaitGroup
		both.Go(func() { j.followStdout(stdout, l) })
		both.Go(func() { j.follow(stderr) })
		both.Wait()
		if err := cmd.Wait(); err != nil {
			l.end(err)
		} else {
			l.end(errors.New("exit status 0"))
		}
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %v: %w", ErrStart, p, err)
	}
	p.pid = cmd.Process.Pid
	return l, nil
}

func (p *process) end(ctx context.Context, l *life, kill bool) error {
	proc, err := os.FindProcess(p.pid)
	if err != nil {
		return err
	}
	select {
	case <-l.ended: // its pid may be somebody else's by now
		return nil
	default:
	}
	if !kill && proc.Signal(syscall.SIGTERM) == nil { // Windows has none; there it is killed
		ctx, cancel := context.WithTimeout(ctx, stopTime)
		defer cancel()
		select {
		case <-l.ended:
			return nil
		case <-ctx.Done():
		}
	}
	proc.Kill() // an error means that it has just ended
	select {
	case <-l.ended:
		return nil
	case <-time.After(stopTime):
		return fmt.Errorf("process %d outlived SIGKILL by %v", p.pid, stopTime)
	}
}

// reach implements seat: what the process says is where it is.
func (p *process) reach(_ context.Context, says address) (*address, error) { return &says, nil }

func (p *process) remove(context.Context) error { return os.RemoveAll(p.dir) }
