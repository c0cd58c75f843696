package shim

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"

	"github.com/espalier-hil/espalier/harness/leash"
	"github.com/espalier-hil/espalier/suites/codec"
)

const (
	// maxLine bounds one line of the program, in bytes.
	maxLine = 1 << 20

	// parting is how long a program may take to end once its input has, or to
	// be told dead once its output has.
	parting = 2 * time.Second
)

// life is one process of the program.
type life struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *os.File
	lines  chan line     // what it says, one at a time
	last   *line         // that has been taken from lines, and after which there are none
	over   chan struct{} // closed once it is killed
	once   sync.Once
	exited chan struct{} // closed once it is gone, and all that it wrote to standard error taken
}

// line is a line without its line feed, or why there is none: io.EOF,
// io.ErrUnexpectedEOF in the middle of one, bufio.ErrTooLong.
type line struct {
	text []byte
	err  error
	more bool // something came together with it
}

// start starts the program.
func start(command []string, stderr io.Writer) (*life, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stderr = stderr
	cmd.WaitDelay = parting // for children of its own that keep standard error open
	group(cmd)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout = w
	l := &life{cmd: cmd, stdin: stdin, stdout: r, lines: make(chan line), over: make(chan struct{}), exited: make(chan struct{})}
	err = leash.Start(cmd, func() {
		cmd.Wait() // what it says is in cmd.ProcessState
		close(l.exited)
	})
	w.Close() // the child has its own
	if err != nil {
		r.Close()
		return nil, err
	}
	go l.listen()
	return l, nil
}

// listen reads lines until there are no more. It holds one line at most, so
// that a program that talks without end waits for its own pipe.
func (l *life) listen() {
	defer l.stdout.Close()
	r := bufio.NewReaderSize(l.stdout, 64<<10)
	for {
		text, err := readLine(r)
		select {
		case l.lines <- line{text, err, r.Buffered() > 0}:
		case <-l.over:
			return
		}
		if err != nil {
			return
		}
	}
}

// readLine reads one line of at most maxLine bytes.
func readLine(r *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		part, err := r.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case err == nil && len(text) <= maxLine+1:
			return text[:len(text)-1], nil
		case len(text) > maxLine:
			return text, bufio.ErrTooLong
		case errors.Is(err, bufio.ErrBufferFull):
		case len(text) > 0:
			return text, io.ErrUnexpectedEOF
		default:
			return nil, io.EOF
		}
	}
}

// call writes a question and returns the line that comes then, and whether more
// came with it. Errors wrap one
// of codec's sentinels, or are of no use where ctx has ended; after each the
// life is of no use either.
func (l *life) call(ctx context.Context, question []byte, timeout time.Duration) (text []byte, more bool, err error) {
	if text, said := l.surplus(0); said {
		return nil, false, told{codec.ErrNonsense, errUnasked, "it said something before it was asked: " + excerpt(text)}
	}
	var late atomic.Bool
	clock := time.AfterFunc(timeout, func() {
		late.Store(true)
		l.kill()
	})
	defer clock.Stop()
	defer context.AfterFunc(ctx, l.kill)()
	l.stdin.Write(question) // whoever does not take it does not answer it
	var got line
	if l.last != nil {
		got = *l.last
	} else {
		select {
		case got = <-l.lines:
		case <-l.over:
		}
	}
	switch {
	case late.Load():
		return nil, false, told{codec.ErrHung, codec.ErrHung, fmt.Sprintf("no line within %v", timeout)}
	case ctx.Err() != nil:
		return nil, false, ctx.Err()
	case errors.Is(got.err, bufio.ErrTooLong):
		return nil, false, nonsense(codec.ErrNonsense, got.text, "a line of more than %d bytes", maxLine)
	case got.err != nil:
		return nil, false, l.death(got.err)
	}
	return got.text, got.more, nil
}

// death says how a program ended that says no more.
func (l *life) death(err error) error {
	select {
	case <-l.exited:
	case <-time.After(parting):
		return told{codec.ErrNonsense, errDeaf, "it closed its standard output, and runs on"}
	}
	text := "it ended without an answer: "
	if errors.Is(err, io.ErrUnexpectedEOF) {
		text = "it ended in the middle of a line: "
	}
	return told{codec.ErrCrashed, codec.ErrCrashed, text + l.cmd.ProcessState.String()}
}

// surplus returns a line that is there though nothing was asked, or comes
// within patience. That there is no line any more is left for the next call.
func (l *life) surplus(patience time.Duration) ([]byte, bool) {
	if l.last != nil {
		return nil, false
	}
	var got line
	if patience > 0 {
		select {
		case got = <-l.lines:
		case <-time.After(patience):
		}
	} else {
		select {
		case got = <-l.lines:
		default:
		}
	}
	if got.err != nil {
		l.last = &got
	}
	return got.text, got.text != nil
}

// end lets the program end on its own, and kills it if it does not. It returns
// what the program still said.
func (l *life) end() (said []byte, any bool) {
	defer l.kill()
	l.stdin.Close()
	clock := time.After(parting)
	for l.last == nil {
		select {
		case got := <-l.lines:
			if got.text != nil && !any {
				said, any = got.text, true
			}
			if got.err != nil {
				l.last = &got
			}
		case <-clock:
			return said, any
		}
	}
	select {
	case <-l.exited:
	case <-clock:
	}
	return said, any
}

// kill ends the program and all that it started.
func (l *life) kill() {
	l.once.Do(func() {
		close(l.over)
		kill(l.cmd)
		l.stdin.Close()
		l.stdout.Close()
	})
}
