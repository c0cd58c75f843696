package live

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"
)

// What a backend that does not answer may cost a run.
const (
	inVain   = 3               // tests in a row that the backend does not answer, nor anything after them
	lostTime = 2 * time.Minute // of all tests that hang
)

// health is what is known of whether the backend answers at all.
type health struct {
	down   string // why nothing is asked as long as nothing listens
	over   string // why nothing is asked any more
	before string // the last test that was answered
	hangs  int    // in a row
	waited time.Duration
}

// fit says why no test can be run now, if that is so.
func (r *run) fit(ctx context.Context) error {
	h := &r.health
	switch {
	case ctx.Err() != nil:
		return notRun("the run was ended before: %v", context.Cause(ctx))
	case h.over != "":
		return notRun("%s", h.over)
	case h.down != "" && r.refuses(ctx):
		return notRun("%s", h.down)
	}
	h.down = ""
	return nil
}

// refuses reports whether nothing listens at the backend's address.
func (r *run) refuses(ctx context.Context) bool {
	d := net.Dialer{Timeout: r.target.Timeout}
	conn, err := d.DialContext(ctx, "tcp", r.host())
	if err == nil {
		conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// diagnose finds out whether a backend that did not answer is still there, and
// gives whatever watches it time to start it again. It reports whether devices
// can be asked.
func (r *run) diagnose(ctx context.Context) bool {
	h, res := &r.health, r.result
	if ctx.Err() != nil {
		if res.Verdict != Pass && res.Verdict != Skip && res.Verdict != NotRun {
			res.Verdict, res.Broke, res.Why = NotRun, nil, fmt.Sprintf("the run was ended meanwhile: %v", context.Cause(ctx))
		}
		return false
	}
	silent := len(res.Exchanges) > 0 && res.Exchanges[len(res.Exchanges)-1].Outcome == Unanswered
	switch {
	case res.Verdict == Hang:
		return r.hung(ctx)
	case res.Verdict == Crash, res.Verdict == Fail && silent && r.ended(ctx):
		return r.gone(ctx)
	case res.Verdict != NotRun && res.Verdict != Skip:
		h.hangs, h.before = 0, res.ID
	}
	return true
}

// ended reports whether a backend that has hung up is ending: for a moment it may
// take connections still.
func (r *run) ended(ctx context.Context) bool {
	nobody := &device{id: r.name(), passphrase: r.word(24), unknown: true}
	for end := time.Now().Add(time.Second); time.Now().Before(end) && ctx.Err() == nil; <-time.After(10 * time.Millisecond) {
		if r.refuses(ctx) {
			return true
		}
		if a := r.exchange(ctx, nobody, r.seal(nobody, 121)); a.err == nil {
			return false
		}
	}
	return false
}

// hung counts what the backend does not answer.
func (r *run) hung(ctx context.Context) bool {
	h, res := &r.health, r.result
	if !r.aside {
		h.waited += time.Since(r.began)
	}
	nobody := &device{id: r.name(), passphrase: r.word(24), unknown: true}
	a := r.exchange(ctx, nobody, r.seal(nobody, 121))
	if a.err == nil {
		h.hangs = 0
	} else {
		h.hangs++
	}
	switch {
	case h.hangs >= inVain:
		h.over = fmt.Sprintf("the backend answers nothing any more: %d tests in a row waited in vain, the last was %s", h.hangs, res.ID)
	case h.waited > lostTime:
		h.over = fmt.Sprintf("too much of the run was spent waiting: %s in all for answers that did not come, the last time in %s", h.waited.Round(time.Second), res.ID)
	}
	return a.err == nil
}

// gone waits for a backend that takes no connection to be started again.
func (r *run) gone(ctx context.Context) bool {
	h, res := &r.health, r.result
	if res.Verdict == Fail {
		res.Verdict = Crash
		res.Why += "; and it takes no connection any more"
	}
	if h.before != "" && !slices.ContainsFunc(res.Exchanges, func(x Exchange) bool { return x.Outcome != Unanswered }) {
		res.note("nothing was answered before: the backend may have ended after %s", h.before)
	}
	began := time.Now()
	for tick := 10 * time.Millisecond; r.refuses(ctx); tick = min(2*tick, time.Second) {
		if ctx.Err() != nil || time.Since(began) > r.target.Revival {
			h.down = fmt.Sprintf("the backend takes no connection any more since %s, and nothing has started it again within %s", res.ID, r.target.Revival)
			return false
		}
		select {
		case <-time.After(tick):
		case <-ctx.Done():
		}
	}
	res.note("the backend took connections again after %s", time.Since(began).Round(time.Millisecond))
	r.revived = true
	return true
}

// told returns what the backend says of a device. One that it does not know any
// more after a restart is a finding; whether that is so the device itself finds
// out, since a hook may fail for any reason.
func (r *run) told(ctx context.Context, d *device) (State, error) {
	state, err := r.target.Hooks.State(ctx, d.id)
	switch {
	case err == nil && !state.Unknown:
		return state, nil
	case err == nil:
		err = failed("the backend does not know device %s any more", d.id)
	default:
		err = fmt.Errorf("state of device %s: %w", d.id, err)
	}
	if !r.revived || ctx.Err() != nil {
		return state, err
	}
	if a := r.post(ctx, "does the backend still know the device?", d, r.seal(d, d.next)); a.err != nil || a.accepted {
		return state, err
	}
	return state, &finding{verdict: Fail, broke: durable, why: fmt.Sprintf("after it was started again the backend refuses the next valid message of device %s, number %d, and tells no state of it (%v)", d.id, d.next, err)}
}

// durable is what a backend breaks that forgets a device.
var durable = []string{"REQ-SEQ-005", "REQ-SEQ-012"}

// lockedOut takes down that nothing is accepted from a device any more, though
// nothing was accepted from it that should not have been.
func (r *run) lockedOut(d *device) {
	const req = "REQ-SEQ-010"
	res := r.result
	res.Why = fmt.Sprintf("%s; nor is any higher number accepted from device %s", res.Why, d.id)
	if !slices.Contains(res.Broke, req) {
		res.Broke = append(slices.Clip(res.Broke), req)
	}
	if !slices.Contains(res.Reqs, req) {
		res.Reqs = append(slices.Clip(res.Reqs), req)
	}
}

// outlived blames what shows after the test has started the backend again on the
// requirements that are about that: whether the same holds of a backend that goes
// on, other tests show.
func (r *run) outlived(err error) error {
	var f *finding
	if !r.restarted || !errors.As(err, &f) || !f.verdict.Broken() {
		return err
	}
	about := slices.DeleteFunc(slices.Clone(r.result.Reqs), func(id string) bool { return r.suite.Requirements[id].Levels["core"] == "MUST" })
	others := slices.ContainsFunc(f.broke, func(id string) bool { return !strings.HasPrefix(id, "REQ-SEQ-") })
	if len(about) > 0 && !others {
		f.broke = about
	}
	return err
}

// forgotten takes down that a device is not known any more.
func (r *run) forgotten(d *device) {
	d.lost = fmt.Sprintf("the backend, started again after %s, does not accept it any more", r.result.ID)
	res := r.result
	if len(res.Broke) == 0 {
		res.Broke = slices.Clone(res.Reqs)
	}
	for _, id := range durable {
		if !slices.Contains(res.Broke, id) {
			res.Broke = append(res.Broke, id)
		}
		if !slices.Contains(res.Reqs, id) {
			res.Reqs = append(slices.Clip(res.Reqs), id)
		}
	}
}

// skip puts devices that cannot be asked now behind all that they have sent.
func (r *run) skip() {
	for _, d := range r.leased {
		if d.lost == "" && d.high > 0 {
			d.next = min(max(d.next, d.high+1), last+1)
		}
	}
}
