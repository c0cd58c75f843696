package page

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// mostDevices is how many devices have a picture.
const mostDevices = 4

// moment is one message of a device.
type moment struct {
	at      time.Duration // since the run began
	seqn    uint64
	next    uint64
	known   bool // next is
	outcome evidence.Outcome
}

// early reports whether a number was accepted that had been used before.
func (m moment) early() bool { return m.known && m.outcome == evidence.Accepted && m.seqn < m.next }

// timeline is what was sent in the name of one device.
type timeline struct {
	Device, Anchor string
	Start          string // the first number that it was known to stand at
	Accepted       int
	Refused        int
	Unanswered     int
	Early          int // accepted below next
	Lost           string
	Left           string
	Tries          []tally
	Wide, Narrow   *picture
	moments        []moment
	length         time.Duration
	spans          []span
	failed         []time.Duration
	start          uint64
}

// tally counts the messages of one chapter.
type tally struct {
	Chapter                       string
	Accepted, Refused, Unanswered int
}

// Messages is how many there are in all.
func (t timeline) Messages() int { return t.Accepted + t.Refused + t.Unanswered }

// EarlyWords counts the messages that were accepted below next.
func (t timeline) EarlyWords() string { return plural(t.Early, "message") }

// span is a time in which one chapter was tested.
type span struct {
	name     string
	from, to time.Duration
}

// timelines returns those of the devices that were reserved, in their order,
// then of those with most messages. others counts the devices without a picture.
func timelines(run *evidence.Run) (list []timeline, others int) {
	byID := map[string]*timeline{}
	var order []string
	length := max(run.Finished.Sub(run.Started), time.Millisecond)
	spans, failed := course(run)
	take := func(id string) *timeline {
		if byID[id] == nil {
			byID[id] = &timeline{Device: short(id), length: length, spans: spans, failed: failed}
			order = append(order, id)
		}
		return byID[id]
	}
	for _, d := range run.Target.Devices {
		t := take(d.ID)
		t.Start, t.Left, t.Lost = short(d.Next), short(d.Left), line(d.Lost)
		t.start, _ = strconv.ParseUint(d.Next, 10, 64)
	}
	reserved := len(order)
	for _, res := range run.Results {
		chapter, _, _ := strings.Cut(res.ID, "/")
		for _, x := range res.Exchanges {
			if seqn, err := strconv.ParseUint(x.SEQN, 10, 64); err == nil {
				take(x.Device).add(res.Began, chapter, seqn, x)
			}
		}
	}
	// Where devices can be made for a test, those matter as much as the reserved
	// ones; where they cannot, other names are such as no backend knows.
	made := reserved == 0 || slices.Contains(run.Target.Hooks, "provision")
	slices.SortStableFunc(order[reserved:], func(a, b string) int { return cmp.Compare(len(byID[b].moments), len(byID[a].moments)) })
	for _, id := range order {
		t := byID[id]
		if len(t.moments) == 0 {
			continue
		}
		if len(list) == mostDevices || len(list) >= reserved && !made {
			others++
			continue
		}
		t.Anchor = fmt.Sprintf("d%d", len(list))
		t.draw()
		list = append(list, *t)
	}
	return list, others
}

// course returns which chapter was under way when, and when what failed began.
func course(run *evidence.Run) (spans []span, failed []time.Duration) {
	for _, res := range run.Results {
		if len(res.Exchanges) == 0 {
			continue
		}
		chapter, _, _ := strings.Cut(res.ID, "/")
		spans = append(spans, span{short(chapter), res.Began, res.Began + res.Took})
		if res.Verdict.Broken() {
			failed = append(failed, res.Began)
		}
	}
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var joined []span
	for _, s := range spans {
		if n := len(joined); n > 0 && joined[n-1].name == s.name {
			joined[n-1].to = max(joined[n-1].to, s.to)
			continue
		}
		joined = append(joined, s)
	}
	return joined, failed
}

func (t *timeline) add(began time.Duration, chapter string, seqn uint64, x evidence.Exchange) {
	next, err := strconv.ParseUint(x.Next, 10, 64)
	m := moment{at: began + x.At, seqn: seqn, next: next, known: err == nil, outcome: x.Outcome}
	if t.Start == "" && m.known {
		t.Start, t.start = short(x.Next), next
	}
	i := slices.IndexFunc(t.Tries, func(y tally) bool { return y.Chapter == short(chapter) })
	if i < 0 {
		i = len(t.Tries)
		t.Tries = append(t.Tries, tally{Chapter: short(chapter)})
	}
	count := func(all, here *int) { *all, *here = *all+1, *here+1 }
	switch row := &t.Tries[i]; x.Outcome {
	case evidence.Accepted:
		count(&t.Accepted, &row.Accepted)
	case evidence.Refused:
		count(&t.Refused, &row.Refused)
	default:
		count(&t.Unanswered, &row.Unanswered)
	}
	if m.early() {
		t.Early++
	}
	t.length = max(t.length, m.at)
	t.moments = append(t.moments, m)
}

// draw makes the pictures: one for wide screens and paper, one for phones.
func (t *timeline) draw() {
	t.Wide, t.Narrow = newPicture(t, 1000), newPicture(t, 360)
}

// above names a number by how far it lies from the one that the device began at,
// or as it is where that says more.
func (t *timeline) above(n uint64) string {
	switch {
	case n == t.start:
		return "start"
	case n < 1<<53 && n > 1<<53-1000:
		return fmt.Sprintf("2^53−%d", 1<<53-n)
	case n > t.start:
		return "+" + compact(n-t.start)
	case t.start-n < min(n, math.MaxInt32):
		return "−" + compact(t.start-n)
	}
	return compact(n)
}
