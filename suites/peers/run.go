package peers

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/espalier-hil/espalier/harness/leash"
)

// killTime is how long the system may take to end a killed process.
const killTime = 10 * time.Second

// run is one life of a peer, from its start to its end.
type run struct {
	cmd   *exec.Cmd
	ended chan struct{} // closed when the process is gone
	err   error         // how it ended; to be read after ended is closed
}

// start starts the program in dir, on the loopback address and that port.
func (c command) start(dir, port string, log *journal) (*run, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	r := &run{cmd: exec.Command(c.path, filepath.Join(dir, c.files[0])), ended: make(chan struct{})}
	r.cmd.Dir = dir
	r.cmd.Env = append(append(os.Environ(), c.env...), "PORT="+port)
	r.cmd.Stdout, r.cmd.Stderr = log, log
	// What the program has started may hold its output open when it is gone.
	r.cmd.WaitDelay = killTime
	err = leash.Start(r.cmd, func() {
		if r.err = r.cmd.Wait(); r.err == nil {
			r.err = errors.New("exit status 0")
		}
		close(r.ended)
	})
	return r, err
}

// kill ends the process and waits until it is gone.
func (r *run) kill() error {
	select {
	case <-r.ended: // its pid may be somebody else's by now
		return nil
	default:
	}
	r.cmd.Process.Kill() // an error means that it has just ended
	select {
	case <-r.ended:
		return nil
	case <-time.After(2 * killTime):
		return ErrKill
	}
}
