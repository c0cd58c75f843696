// Package powercut proves that a server says nothing that a power cut takes back.
//
// The server runs under strace, which writes down, in order, each write and flush
// of its files and each reply that leaves it. From that record a [Disk] is built
// that forgets: at any point it has what was flushed by then for certain, and
// what was written since only as far as chance has it, whole, torn or not at all.
// The server's own code opens such an image again, and everything that was said
// up to that point must hold ([Promise]).
//
//	strace -f -xx -yy → Parse → steps → Disk.Apply → Disk.Image → Check
//	                              └──→ Promises ─────────────────────┘
//
// strace stops a thread on its way into a system call until it has written the
// line, and again on the way out. So what the record shows as ended before
// something else began had ended before.
package powercut

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// ErrTrace reports a record that cannot be read, or that holds what the model of
// the disk does not know.
var ErrTrace = errors.New("powercut: trace")

// Calls are the system calls that a record must hold: all that change files, or
// say something. Those without a meaning here are listed so that their use is
// noticed.
var Calls = []string{
	"open", "openat", "creat", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "unlinkat", "rename", "read",
	"writev", "pwritev", "pwritev2", "sendto", "sendmsg", "recvfrom", "sendfile", "copy_file_range", "splice", "fallocate", "truncate",
	"renameat", "renameat2", "link", "linkat", "symlink", "sync_file_range", "mmap",
}

// Arguments are strace's, to be followed by -o FILE and the command.
// (--seccomp-bpf would be faster, but strace 6.1 then injects no faults.)
var Arguments = []string{"-f", "-xx", "-yy", "-s", "1048576", "-e", "signal=none", "-e", "trace=" + strings.Join(Calls, ",")}

// Call is a system call.
type Call struct {
	Name string
	Args []string // as strace writes them, strings and paths decoded; an fd is what it stands for
	Ret  int64    // -1 for an error, and for a call that did not return
	Lost bool     // it did not return: the process was killed in it
	Path string   // what the returned fd stands for
}

// Step is a call that begins or ends.
type Step struct {
	*Call
	End bool
}

// Parse reads a record.
func Parse(r io.Reader) ([]Step, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	begun := map[string]*Call{} // by thread
	begin := map[string]string{}
	var steps []Step
	for n := 1; ; n++ {
		line, err := in.ReadString('\n')
		if err == io.EOF && line == "" {
			return steps, nil
		}
		if err != nil && err != io.EOF {
			return nil, err
		}
		thread, text, _ := strings.Cut(strings.TrimRight(line, "\n"), " ")
		text = strings.TrimLeft(text, " ")
		switch {
		case strings.HasPrefix(text, "+++"), strings.HasPrefix(text, "---"), strings.HasPrefix(text, "strace:"):
			continue
		case strings.HasPrefix(text, "<... "):
			_, rest, ok := strings.Cut(strings.TrimSuffix(text, detached), " resumed>")
			if begun[thread] == nil || !ok {
				return nil, fmt.Errorf("%w: line %d: %.60q ends what did not begin", ErrTrace, n, text)
			}
			err = begun[thread].parse(begin[thread] + rest)
			steps = append(steps, Step{begun[thread], true})
			delete(begun, thread)
		default:
			whole, unfinished := strings.CutSuffix(text, " <unfinished ...>")
			if !unfinished {
				whole, unfinished = strings.CutSuffix(text, detached)
			}
			c := new(Call)
			err = c.parse(whole)
			if unfinished && err == nil && c.unread(whole) {
				continue
			}
			steps = append(steps, Step{c, false})
			if unfinished {
				begun[thread], begin[thread] = c, whole
			} else {
				steps = append(steps, Step{c, true})
			}
		}
		if err != nil {
			return nil, fmt.Errorf("%w: line %d: %w", ErrTrace, n, err)
		}
	}
}

// detached ends the line of a thread that was killed as strace wrote it, on its
// way into the call. Whether the call took place is not known.
const detached = " <detached ...>"

// unread reports whether the thread was dead before strace could read what it
// was to write. Then it was killed at the call's door, and the call took no place.
func (c *Call) unread(line string) bool {
	return strings.Contains(c.Name, "write") && strings.Contains(line, ", 0x") // an address; strings are all \x
}

// parse reads name(args) = ret, or as much of it as there is.
func (c *Call) parse(text string) error {
	name, rest, ok := strings.Cut(text, "(")
	if !ok {
		return fmt.Errorf("%.60q is no call", text)
	}
	args, ret, ended := cutResult(rest)
	*c = Call{Name: name, Ret: -1}
	for _, arg := range split(args) {
		value, err := decode(arg)
		if err != nil {
			return err
		}
		c.Args = append(c.Args, value)
	}
	if !ended {
		return nil
	}
	number := ret[:len(ret)-len(strings.TrimLeft(ret, "-0123456789"))]
	c.Ret, _ = strconv.ParseInt(number, 10, 64)
	if number == "" {
		c.Ret, c.Lost = -1, true
	}
	if strings.HasPrefix(ret, number+"<") {
		path, err := decode(ret)
		c.Path = path
		return err
	}
	return nil
}

// cutResult cuts at the parenthesis behind which the result stands. Strings hold
// nothing but hexadecimal escapes, so there is no other such place before it.
func cutResult(s string) (args, ret string, ended bool) {
	for i := 0; ; i++ {
		n := strings.IndexByte(s[i:], ')')
		if n < 0 {
			return s, "", false
		}
		i += n
		if rest := strings.TrimLeft(s[i+1:], " "); strings.HasPrefix(rest, "= ") {
			return s[:i], rest[2:], true
		}
	}
}

// split cuts arguments apart at the commas that are outside of brackets.
func split(args string) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case '[', '{', '<':
			depth++
		case ']', '}':
			depth--
		case '>':
			if i > 0 && args[i-1] != '-' { // the arrow between two addresses
				depth--
			}
		case ',':
			if depth == 0 {
				parts = append(parts, args[start:i])
				start = i + 1
			}
		}
	}
	if rest := args[start:]; strings.TrimSpace(rest) != "" {
		parts = append(parts, rest)
	}
	return parts
}

// decode returns a string without its quotes and escapes, and what an fd stands
// for instead of its number.
func decode(arg string) (string, error) {
	arg = strings.TrimSpace(arg)
	if strings.HasSuffix(arg, `"...`) {
		return "", errors.New("a string was cut short")
	}
	if strings.HasPrefix(arg, `"`) {
		return unhex(strings.Trim(arg, `"`))
	}
	if _, what, ok := strings.Cut(arg, "<"); ok && strings.HasSuffix(arg, ">") {
		what = strings.TrimSuffix(what, ">")
		if strings.HasPrefix(what, `\x`) {
			what, _, _ = strings.Cut(what, "<") // a device has its number behind it
			return unhex(what)
		}
		return what, nil
	}
	return arg, nil
}

func unhex(s string) (string, error) {
	p, err := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
	if err != nil {
		return "", fmt.Errorf("%.40q is not hexadecimal", s)
	}
	return string(p), nil
}

// number returns an argument that is one.
func (c *Call) number(i int) (int64, error) {
	if i >= len(c.Args) {
		return 0, fmt.Errorf("%w: %s has %d arguments", ErrTrace, c.Name, len(c.Args))
	}
	n, err := strconv.ParseInt(c.Args[i], 0, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %s: %.40q is no number", ErrTrace, c.Name, c.Args[i])
	}
	return n, nil
}

// flags reports whether an argument is a set of flags that has flag.
func (c *Call) flags(i int, flag string) bool {
	return i < len(c.Args) && slices.Contains(strings.Split(c.Args[i], "|"), flag)
}
