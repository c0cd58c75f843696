// Package powercut cuts the power of a virtual board in every pulse of its
// flash: in each pulse of a thousand sends around and between the places where
// the SEQN log changes sectors, in each of three provisionings, and in each of
// the boot that sets right what a cut provisioning left. Then come lives, in
// which one cut follows another, at pulses, bytes and instructions, by chance.
//
// Each cut begins with a snapshot of the whole board, and ends with the supply
// back: the board has to come up, know who it is, and send. What is demanded is
// in [ledger]. A cut pulse leaves bits half done and cells weak, by a seed, so a
// [Violation] names all that it takes to see it again.
package powercut

import (
	"context"
	"errors"
	"fmt"
)

// Size is how much is explored.
type Size struct {
	Changes int // of sectors, that the sends go over
	Near    int // sends before and behind each change that are all explored
	Between int // of the others, each so-manieth is
	Setups  int // in provisioning, each so-manieth pulse is cut
	Boots   int // of the boots behind those cuts, each so-manieth is explored whole, and of the others one pulse
	Again   int // times that the pulses are cut once more in which provisioning comes true
	Lives   int
	Cuts    int // attempted in each life
}

// The sizes there are.
var (
	// All is what the requirements are shown by.
	All = Size{Changes: 6, Near: 80, Between: 8, Setups: 1, Boots: 128, Again: 64, Lives: 40, Cuts: 30}
	// Some is for who looks at other things, and for whom all takes too long.
	Some = Size{Changes: 1, Near: 2, Between: 64, Setups: 16, Boots: 1 << 10, Again: 64, Lives: 4, Cuts: 10}
)

// Parts of an exploration.
type Parts int

const (
	Sends      Parts = 1 << iota // cuts in sends, around and between changes of sectors
	Setups                       // in provisioning, and in the boot after it
	Lives                        // one cut after the other, wherever they come
	Everything Parts = 0         // all of these
)

func (p Parts) has(q Parts) bool { return p == Everything || p&q != 0 }

// Config says what to explore.
type Config struct {
	Image   []byte // v1 image, shared
	Given   string // flags that name Image and ROM, as a shell takes them; empty: not known
	ROM     []byte // mask ROM that the boards execute; nil: the one of this project
	Seed    uint64
	Size    Size
	Parts   Parts
	Workers int  // boards at work at once; 0: one for each processor
	Whole   bool // no pulse is half done: to see what is then not found
}

// Count is what was explored.
type Count struct {
	Cuts     int // of the supply, all below
	Sends    int // of which every pulse was cut
	Changes  int // of sectors, that the sends went over
	InSends  int // cuts
	InSetup  int // cuts in provisioning
	InBoots  int // cuts in a boot behind a cut
	InLives  int // cuts
	Boots    int // that went well, all of them
	Numbers  int // SEQNs that were seen leaving the device
	Skipped  int // SEQNs that never were
	Torn     int // bytes of flash left half done
	Wavering int // reads of a byte that gave something else than is stored
}

func (c *Count) add(d Count) {
	c.Cuts += d.Cuts
	c.Sends += d.Sends
	c.Changes += d.Changes
	c.InSends += d.InSends
	c.InSetup += d.InSetup
	c.InBoots += d.InBoots
	c.InLives += d.InLives
	c.Boots += d.Boots
	c.Numbers += d.Numbers
	c.Skipped += d.Skipped
	c.Torn += d.Torn
	c.Wavering += d.Wavering
}

func (c Count) String() string {
	return fmt.Sprintf("%d power cuts: %d in %d sends over %d changes of sectors, %d in provisioning, %d in the boot after it, %d in lives; "+
		"%d boots, %d numbers seen, %d skipped, %d bytes torn, %d wavering reads",
		c.Cuts, c.InSends, c.Sends, c.Changes, c.InSetup, c.InBoots, c.InLives, c.Boots, c.Numbers, c.Skipped, c.Torn, c.Wavering)
}

// ErrKind reports an exploration that found nothing because nothing was half
// done: it proves nothing.
var ErrKind = errors.New("powercut: no pulse was left half done, or no cell weak: a chip so kind proves nothing")

// A Violation is a promise that was broken. It is an error.
type Violation struct {
	Seed  uint64
	Place Place    // of the cut
	What  string   // was broken
	Last  []string // lines of each lane of the timeline, by the board's own clock, from the snapshot on
	Given string   // flags that name image and ROM, as a shell takes them; empty: they are this project's
}

// Error says what was broken, and where.
func (v *Violation) Error() string {
	return fmt.Sprintf("powercut: seed %d, %s: %s; to see it again: %s", v.Seed, v.Place.words(), v.What, v.Repeat())
}

// Repeat returns the command that makes just this cut.
func (v *Violation) Repeat() string {
	s := fmt.Sprintf("espalier powercut --seed %d --at %s", v.Seed, v.Place)
	if v.Given != "" {
		s += " " + v.Given
	}
	return s
}

// Explore makes all cuts of the size. The error is a [*Violation], the first
// that was found; [ErrKind]; ctx's; or that of a device that does not work even
// without a cut.
func Explore(ctx context.Context, cfg Config) (Count, error) {
	return explore(ctx, cfg, nil)
}

// Repeat makes the cuts of one place again, whatever the size and the parts of
// cfg are. The error is as for [Explore], or an [ErrPlace] where the device never
// comes there.
func Repeat(ctx context.Context, cfg Config, place Place) (Count, error) {
	cfg.Size = Size{Changes: 1, Between: 1, Setups: 1, Boots: 1, Lives: place.number("life-") + 1, Cuts: All.Cuts}
	switch {
	case place.number("send-") >= 0:
		cfg.Parts = Sends
	case cfg.Size.Lives > 0:
		cfg.Parts = Lives
	default:
		cfg.Parts = Setups
	}
	return explore(ctx, cfg, &place)
}
