package live

import (
	"cmp"
	"context"
	crand "crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// last is the largest sequence number, 2^53-2.
const last = 1<<53 - 2

// farthest is the jump that every backend accepts.
const farthest = 1 << 20

// device is a device, and what is known of it.
type device struct {
	id, passphrase string
	next           uint64
	high           uint64  // the highest number that the test under way has sent
	shift          int64   // from the numbers of the test under way to the device's own
	missing        *uint64 // that the backend counted before the test, if it tells
	unknown        bool    // the backend does not know it
	disposable     bool
	lost           string // why nothing can be sent to it any more
	spent          bool   // it is lost because a test has used its last number
}

// Devices returns the target's devices as they stand now, those that were
// locked out left out.
func (e *Engine) Devices() (list []Device) {
	for _, d := range e.devices {
		if d.lost == "" {
			list = append(list, Device{ID: d.id, Passphrase: d.passphrase, Next: d.next, Disposable: d.disposable})
		}
	}
	return list
}

// Standing is where a device of the target is left.
type Standing struct {
	Next uint64
	Lost string // why nothing can be sent to it any more
}

// State returns where the target's devices stand now, in their order.
func (e *Engine) State() (list []Standing) {
	for _, d := range e.devices {
		list = append(list, Standing{Next: d.next, Lost: d.lost})
	}
	return list
}

// stands returns next in decimal, or nothing where the backend has none.
func (d *device) stands() string {
	if d.unknown {
		return ""
	}
	return fmt.Sprint(d.next)
}

// own returns what a number of the test is for this device.
func (d *device) own(decimal string) (uint64, error) {
	var n int64
	if _, err := fmt.Sscan(decimal, &n); err != nil {
		return 0, fmt.Errorf("%q: %w", decimal, err)
	}
	if n+d.shift < 0 {
		return 0, skipped("device %s stands at %d, too low for this test", d.id, d.next)
	}
	return uint64(n + d.shift), nil
}

// disposable reports whether a device that may be locked out is left.
func (e *Engine) disposable() bool {
	return slices.ContainsFunc(e.devices, func(d *device) bool { return d.disposable && d.lost == "" })
}

// lease returns a device for each letter of a test, with its numbers shifted to
// where it stands.
func (r *run) lease(ctx context.Context, initial map[string]string, shared []string, fresh bool) (map[string]*device, error) {
	devices := map[string]*device{}
	// Devices that are made all begin equally far from the test's numbers.
	offset := r.rng.Uint64N(1 << 40)
	if fresh {
		offset = 0
	}
	for _, letter := range slices.Sorted(maps.Keys(initial)) {
		var n uint64
		if _, err := fmt.Sscan(initial[letter], &n); err != nil {
			return nil, fmt.Errorf("next of device %s: %w", letter, err)
		}
		var twin *device // under whose passphrase the device must be
		if i := slices.Index(shared, letter); i > 0 {
			twin = devices[shared[0]]
		}
		d, err := r.one(ctx, n, offset, twin, fresh, devices)
		if err != nil {
			return nil, err
		}
		d.shift = int64(d.next) - int64(n)
		devices[letter] = d
	}
	if err := r.level(ctx, devices, shared); err != nil {
		return nil, err
	}
	for _, letter := range sorted(devices) {
		d := devices[letter]
		if r.target.Hooks.State != nil {
			state, err := r.target.Hooks.State(ctx, d.id)
			if err != nil {
				return nil, fmt.Errorf("state of device %s: %w", d.id, err)
			}
			if state.Unknown {
				return nil, failed("device %s is said to be unknown, and its messages were accepted", d.id)
			}
			if state.Next != d.next {
				return nil, failed("next of device %s is said to be %d, and was left at %d", d.id, state.Next, d.next)
			}
			d.missing = state.Missing
		}
	}
	return devices, nil
}

// one returns a device that is made for the test, where that can be done, or one
// of the target's.
func (r *run) one(ctx context.Context, next, offset uint64, twin *device, fresh bool, taken map[string]*device) (*device, error) {
	if r.target.Hooks.Provision != nil {
		d := &device{id: r.name(), passphrase: cmp.Or(r.passphrase, r.hush(r.word(24))), next: next + offset}
		if twin != nil {
			d.passphrase = twin.passphrase
		}
		if err := r.target.Hooks.Provision(ctx, d.id, d.passphrase, min(d.next, last)); err != nil {
			return nil, fmt.Errorf("provision device %s: %w", d.id, err)
		}
		if d.next <= last {
			return d, nil
		}
		d.next = last // a device is not born without a number left
		return d, r.canary(ctx, d)
	}
	for _, d := range r.devices {
		free := d.lost == "" && d.next <= last
		for _, other := range taken {
			free = free && d != other && (d.passphrase == other.passphrase) == (twin == other)
		}
		if !free || (fresh || r.risk > Harmless) && !d.disposable {
			continue
		}
		r.leased = append(r.leased, d)
		d.high = 0
		if fresh {
			return d, r.raise(ctx, d, next)
		}
		return d, nil
	}
	return nil, r.none(len(taken)+1, twin != nil, fresh)
}

// none says why there is no device for a test: none that is fit, or none any
// more.
func (r *run) none(wanted int, twin, fresh bool) error {
	var lost []string
	spent := 0
	for _, d := range r.devices {
		if d.spent {
			spent++
		} else if d.lost != "" {
			lost = append(lost, fmt.Sprintf("device %s: %s", d.id, d.lost))
		}
	}
	switch {
	case twin:
		return skipped("no two devices share a passphrase")
	case len(r.devices) < wanted && wanted > 2:
		return skipped("the test needs %d devices, and two show the same", wanted)
	case len(r.devices) < wanted:
		return notRun("the test needs %d devices under passphrases of their own, and %d given: name another --device", wanted, len(r.devices))
	case len(lost) == 0 && spent > 0:
		return skipped("the devices that may be locked out have no number left, and none can be provisioned")
	case len(lost) > 0:
		return notRun("the test needs %d devices that can still be used, and there are too few (%s)", wanted, strings.Join(lost, "; "))
	case fresh || r.risk > Harmless:
		return notRun("the test may lock a device out, and none may be: --disposable permits it")
	}
	return notRun("the test needs %d devices under passphrases of their own", wanted)
}

// level brings devices that share a passphrase to where they stand to each other
// as in the test: for them, the numbers of one mean something to the other.
func (r *run) level(ctx context.Context, devices map[string]*device, shared []string) error {
	var most int64
	for _, letter := range shared {
		most = max(most, devices[letter].shift)
	}
	for _, letter := range shared {
		d := devices[letter]
		if err := r.raise(ctx, d, d.next+uint64(most-d.shift)); err != nil {
			return err
		}
		d.shift = most
	}
	return nil
}

// raise brings a device to a number by jumping there.
func (r *run) raise(ctx context.Context, d *device, next uint64) error {
	if d.next == next {
		return nil
	}
	if d.next > next {
		return skipped("device %s stands at %d, above the test's %d, and none can be provisioned", d.id, d.next, next)
	}
	a := r.post(ctx, "jump to where the test begins", d, r.seal(d, next-1))
	if err := a.trouble(); err != nil {
		return err
	}
	if !a.accepted {
		return skipped("the backend does not accept a jump from %d to %d, which it need not", d.next, next-1)
	}
	d.next = next
	return nil
}

// stranger returns a device that the backend does not know.
func (r *run) stranger(like map[string]*device) *device {
	d := &device{id: r.name(), passphrase: r.hush(r.word(24)), unknown: true}
	for _, other := range like {
		d.shift = other.shift
	}
	return d
}

// prove shows that next of the device is what it should be: the number below is
// refused and the number itself accepted.
func (r *run) prove(ctx context.Context, d *device) error {
	if d.unknown {
		return nil
	}
	if d.next > 0 {
		a := r.post(ctx, "proof: the number below next", d, r.seal(d, d.next-1))
		if err := a.trouble(); err != nil {
			return err
		}
		if a.accepted {
			return r.blame(stale, "next of device %s should be %d, and %d was accepted", d.id, d.next, d.next-1)
		}
	}
	if d.next > last {
		d.lost, d.spent = "no number is left", true
		return nil
	}
	return r.canary(ctx, d)
}

// canary sends the next valid message, which must be accepted.
func (r *run) canary(ctx context.Context, d *device) error {
	a := r.post(ctx, "canary: the next valid message", d, r.seal(d, d.next))
	if err := a.trouble(); err != nil {
		return err
	}
	if !a.accepted {
		return r.blame(stuck, "the next valid message of device %s, number %d, was refused: %s", d.id, d.next, a)
	}
	d.next++
	return nil
}

// recover brings the target's devices back to a known state after a test that
// did not pass: behind all numbers that were used. A device for which that does
// not work is lost.
func (r *run) recover(ctx context.Context) {
	if r.result.Verdict == Pass || r.result.Verdict == Limit {
		return
	}
	for _, d := range r.leased {
		if d.lost != "" || d.high == 0 {
			continue
		}
		d.lost = fmt.Sprintf("it was locked out by %s", r.result.ID)
		answered, silent := 0, 0
		// What a number far ahead has not moved, since it was refused, stands where
		// it stood, and may not be able to jump behind that number.
		for _, n := range []uint64{max(d.next, d.high+1), d.next, d.next + farthest, d.high + farthest} {
			if n > last {
				continue
			}
			if a := r.post(ctx, "recovery", d, r.seal(d, n)); a.accepted {
				d.next, d.lost = n+1, ""
				break
			} else if a.err == nil {
				answered++
			} else if silent++; silent == 2 {
				d.lost = fmt.Sprintf("nothing that was sent to it after %s was answered", r.result.ID)
				break
			}
		}
		switch {
		case d.lost == "" || answered == 0:
		case r.result.Verdict == Crash && r.revived:
			r.forgotten(d)
		case r.result.Verdict == Fail && r.stuck && r.accepted > 0:
			r.lockedOut(d)
		}
	}
}

const letters = "abcdefghijkmnpqrstuvwxyz23456789"

// word returns n random letters and digits.
func (r *run) word(n int) string {
	var s strings.Builder
	for range n {
		s.WriteByte(letters[r.rng.IntN(len(letters))])
	}
	return s.String()
}

// name returns an id that no device has, nor had in an earlier run with the same
// seed.
func (r *run) name() string { return "espalier-" + strings.ToLower(crand.Text()[:12]) }
