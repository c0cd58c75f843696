package powercut

import (
	"fmt"
	"math/rand/v2"
	"os"
)

// Proof is a record that is to be proved, and how.
type Proof struct {
	Dir      string // the folder that the server wrote to
	Name     string // of the database in it
	Steps    []Step
	Promises []Promise
	Chances  int    // how many images are left to chance
	Seed     uint64 // of that chance
}

// Tally is what a proof has looked at.
type Tally struct {
	Flushes, Promises, Forgetful, Faithful, Chance int
}

// String returns the tally in words.
func (t Tally) String() string {
	return fmt.Sprintf("%d promises and %d flushes; images: %d that forget all that was not flushed, one before each flush; %d that keep all; %d left to chance",
		t.Promises, t.Flushes, t.Forgetful, t.Faithful, t.Chance)
}

// Run cuts the power before each flush, with nothing kept but what was flushed,
// which is as good as cutting it everywhere: in between, no promise gets harder
// to hold but by those that are added. Then it cuts it Chances times anywhere,
// with what chance keeps. It returns the first error. Images are built in the
// folder work.
func (p Proof) Run(work string) (Tally, error) {
	chance := Chance{rand.New(rand.NewPCG(p.Seed, 0))}
	at := map[int]int{} // step → images
	for range p.Chances {
		at[chance.IntN(len(p.Steps))]++
	}
	tally := Tally{Promises: len(p.Promises)}
	disk := NewDisk(p.Dir)
	said := 0 // promises so far
	try := func(i int, what string, fate Fate, counter *int) error {
		*counter++
		dir, err := os.MkdirTemp(work, "image")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := Write(disk.Image(fate), dir); err != nil {
			return err
		}
		if err := Check(dir, p.Name, p.Promises[:said]); err != nil {
			return fmt.Errorf("power cut after step %d of %d, %s: %w", i, len(p.Steps), what, err)
		}
		return nil
	}
	for i, s := range p.Steps {
		for said < len(p.Promises) && p.Promises[said].Step <= i {
			said++
		}
		flush := s.End && (s.Name == "fsync" || s.Name == "fdatasync") // nothing is promised by it
		if flush || i == len(p.Steps)-1 {
			if err := try(i, "all forgotten that was not flushed", Forgetful{}, &tally.Forgetful); err != nil {
				return tally, err
			}
		}
		if err := disk.Apply(s); err != nil {
			return tally, fmt.Errorf("step %d: %w", i, err)
		}
		for n := range at[i] {
			if n == 0 {
				if err := try(i, "all kept", Faithful{}, &tally.Faithful); err != nil {
					return tally, err
				}
			}
			if err := try(i, fmt.Sprintf("part kept by chance, seed %d", p.Seed), chance, &tally.Chance); err != nil {
				return tally, err
			}
		}
	}
	tally.Flushes = disk.Flushes
	return tally, nil
}
