package powercut

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Disk is a folder on a disk that forgets what was not flushed. A write counts as
// flushed once a flush of its file, begun after the write had ended, has ended
// well; the name of a file once its folder was flushed likewise. The zero value
// is of no use; see NewDisk.
type Disk struct {
	dir string

	now     map[string]*file // the names as the server sees them
	flushed map[string]*file
	names   []*change // of names, since they were flushed

	calls map[*Call]any // *change, or what a flush covers

	Flushes int // how many have moved something
}

// file is what lies behind a name.
type file struct {
	flushed []byte
	changes []*change // since
}

// change is one that the disk may still forget.
type change struct {
	done bool // the call has ended well
	gone bool // a flush of it failed: no later one covers it

	// in a file
	off  int64
	data []byte
	size int64 // for a truncation, else -1

	// of a name
	name string
	file *file // nil for a name that goes
}

// NewDisk returns a disk whose folder dir is empty.
func NewDisk(dir string) *Disk {
	return &Disk{dir: filepath.Clean(dir), now: map[string]*file{}, flushed: map[string]*file{}, calls: map[*Call]any{}}
}

// arguments is how many of them the calls that are modelled have.
var arguments = map[string]int{"open": 2, "openat": 3, "creat": 2, "pwrite64": 4, "ftruncate": 2, "fsync": 1, "fdatasync": 1, "unlink": 1, "unlinkat": 3}

// Apply takes in one step. An error says that the server did something to the
// folder that this model does not know.
func (d *Disk) Apply(s Step) error {
	if len(s.Args) < arguments[s.Name] {
		return fmt.Errorf("%w: %s with %d arguments", ErrTrace, s.Name, len(s.Args))
	}
	switch s.Name {
	case "open", "openat", "creat":
		return d.open(s)
	case "pwrite64", "ftruncate":
		return d.change(s)
	case "fsync", "fdatasync":
		d.flush(s)
		return nil
	case "unlink", "unlinkat":
		return d.unlink(s)
	case death:
		return d.revive(s)
	case "read", "recvfrom":
		return nil
	case "mmap":
		if s.flags(2, "PROT_WRITE") && s.flags(3, "MAP_SHARED") && d.touches(s) {
			return fmt.Errorf("%w: a file is written through memory", ErrTrace)
		}
		return nil
	}
	if d.touches(s) {
		return fmt.Errorf("%w: %s of a file in %s is not modelled", ErrTrace, s.Name, d.dir)
	}
	return nil
}

// touches reports whether an argument names a file of the folder.
func (d *Disk) touches(s Step) bool {
	for _, arg := range s.Args {
		if _, ours := d.name(arg); ours {
			return true
		}
	}
	return false
}

// name returns the name in the folder that a path means.
func (d *Disk) name(path string) (string, bool) {
	name, ok := strings.CutPrefix(path, d.dir+"/")
	return name, ok && name != ""
}

func (d *Disk) open(s Step) error {
	name, ours := d.name(s.Path)
	if !s.End || !ours || s.Ret < 0 {
		return nil
	}
	flags := 1
	if s.Name == "openat" {
		flags = 2
	}
	if s.flags(flags, "O_TRUNC") || s.Name == "creat" {
		return fmt.Errorf("%w: a file is opened to be emptied", ErrTrace)
	}
	if d.now[name] == nil {
		if !s.flags(flags, "O_CREAT") {
			return fmt.Errorf("%w: %s was there before", ErrTrace, name)
		}
		d.now[name] = new(file)
		d.names = append(d.names, &change{done: true, name: name, file: d.now[name]})
	}
	return nil
}

func (d *Disk) unlink(s Step) error {
	path := s.Args[len(s.Args)-1]
	if s.Name == "unlinkat" {
		path = s.Args[1]
	}
	name, ours := d.name(path)
	if !ours || !s.End || s.Ret < 0 {
		return nil
	}
	delete(d.now, name)
	d.names = append(d.names, &change{done: true, name: name})
	return nil
}

// change takes in a write or a truncation, which may be on the disk from its
// beginning on, and is only to be relied on once it has ended and was flushed.
func (d *Disk) change(s Step) error {
	name, ours := d.name(s.Args[0])
	if !ours {
		return nil
	}
	if s.End {
		if c, ok := d.calls[s.Call].(*change); ok && s.Ret >= 0 {
			c.done = true
			if c.size < 0 {
				c.data = c.data[:min(s.Ret, int64(len(c.data)))]
			}
		}
		delete(d.calls, s.Call)
		return nil
	}
	f := d.now[name]
	if f == nil {
		return fmt.Errorf("%w: %s of %s, which was not opened", ErrTrace, s.Name, name)
	}
	c := &change{size: -1}
	var err error
	if s.Name == "ftruncate" {
		c.size, err = s.number(1)
	} else {
		c.data = []byte(s.Args[1])
		c.off, err = s.number(3)
	}
	if err == nil && (c.off < 0 || c.off > maxFile || c.size > maxFile) {
		err = fmt.Errorf("%w: %s has %d bytes", ErrTrace, name, max(c.off, c.size))
	}
	f.changes = append(f.changes, c)
	d.calls[s.Call] = c
	return err
}

// flush settles what had ended before the flush began, once it has ended well.
func (d *Disk) flush(s Step) {
	if !s.End {
		var covered []*change
		changes := d.names
		if name, ours := d.name(s.Args[0]); ours && d.now[name] != nil {
			changes = d.now[name].changes
		} else if s.Args[0] != d.dir {
			return
		}
		for _, c := range changes {
			if c.done && !c.gone {
				covered = append(covered, c)
			}
		}
		d.calls[s.Call] = covered
		return
	}
	covered, ok := d.calls[s.Call].([]*change)
	delete(d.calls, s.Call)
	if !ok || len(covered) == 0 || s.Lost {
		return
	}
	if s.Ret < 0 {
		for _, c := range covered {
			c.gone = true
		}
		return
	}
	d.Flushes++
	in := map[*change]bool{}
	for _, c := range covered {
		in[c] = true
	}
	if s.Args[0] == d.dir {
		for _, c := range covered {
			c.rename(d.flushed)
		}
		d.names = without(d.names, in)
		return
	}
	name, _ := d.name(s.Args[0])
	f := d.now[name]
	for _, c := range covered {
		f.flushed = c.apply(f.flushed, nil)
	}
	f.changes = without(f.changes, in)
}

func without(changes []*change, out map[*change]bool) []*change {
	var rest []*change
	for _, c := range changes {
		if !out[c] {
			rest = append(rest, c)
		}
	}
	return rest
}

func (c *change) rename(names map[string]*file) {
	if c.file == nil {
		delete(names, c.name)
	} else {
		names[c.name] = c.file
	}
}

// apply makes the change to content, and returns it. With keep, only those of
// its pieces stick for which keep says so.
func (c *change) apply(content []byte, keep func() (size int, whether func() bool)) []byte {
	grow := func(n int64) {
		if int64(len(content)) < n {
			content = append(content, make([]byte, n-int64(len(content)))...)
		}
	}
	if c.size >= 0 {
		grow(c.size)
		return content[:c.size]
	}
	if keep == nil {
		grow(c.off + int64(len(c.data)))
		copy(content[c.off:], c.data)
		return content
	}
	size, sticks := keep()
	for from := int64(0); from < int64(len(c.data)); {
		to := min((c.off+from)/int64(size)*int64(size)+int64(size)-c.off, int64(len(c.data))) // to the next boundary of the disk
		if sticks() {
			grow(c.off + to)
			copy(content[c.off+from:], c.data[from:to])
		}
		from = to
	}
	return content
}

// Death is a step between two lives of the server: the process has ended, and the
// machine has not. found is what the folder then holds. Death tells of the calls
// that were under way whether they have happened, and whether the model and the
// kernel agree on all the others.
func Death(found map[string][]byte) Step {
	c := &Call{Name: death}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		c.Args = append(c.Args, name, string(found[name]))
	}
	return Step{c, true}
}

// maxFile bounds what a record can make of a file.
const maxFile = 64 << 20

const death = "(death)"

// revive takes in a death.
func (d *Disk) revive(s Step) error {
	clear(d.calls)
	found := map[string]string{}
	for i := 0; i < len(s.Args); i += 2 {
		found[s.Args[i]] = s.Args[i+1]
	}
	for name, f := range d.now {
		// A call that was under way is the last one, if there is one.
		if last := len(f.changes) - 1; last >= 0 && !f.changes[last].done && !f.changes[last].gone {
			c := f.changes[last]
			c.done = true
			if f.content() != found[name] { // so it did not happen, or not as a whole
				f.changes = f.changes[:last]
			}
		}
		if f.content() != found[name] {
			return fmt.Errorf("%w: %s has %d bytes in the model and others, %d, on the disk", ErrTrace, name, len(f.content()), len(found[name]))
		}
		delete(found, name)
	}
	for name := range found {
		return fmt.Errorf("%w: %s is on the disk and not in the model", ErrTrace, name)
	}
	return nil
}

// content returns the file as the kernel has it.
func (f *file) content() string {
	content := append([]byte(nil), f.flushed...)
	for _, c := range f.changes {
		content = c.apply(content, nil)
	}
	return string(content)
}

// Image returns the files of the disk as they are found after a power cut.
func (d *Disk) Image(fate Fate) map[string][]byte {
	names := maps.Clone(d.flushed)
	for _, c := range d.names {
		if fate.Sticks() {
			c.rename(names)
		}
	}
	image := map[string][]byte{}
	for name, f := range names {
		content := append([]byte(nil), f.flushed...)
		for _, c := range f.changes {
			if c.size < 0 {
				content = c.apply(content, fate.Write)
			} else if fate.Sticks() {
				content = c.apply(content, nil)
			}
		}
		image[name] = content
	}
	return image
}
