package console

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// Matcher describes an item that somebody waits for.
type Matcher struct {
	What  string // for the message: "expected …"
	Match func(Item) bool
}

// Text matches a line of log that contains s.
func Text(s string) Matcher {
	return Matcher{fmt.Sprintf("%q", s), func(i Item) bool { return i.isLog() && strings.Contains(i.Text, s) }}
}

// Regexp matches a line of log in which re finds something.
func Regexp(re *regexp.Regexp) Matcher {
	return Matcher{fmt.Sprintf("a line like %q", re), func(i Item) bool { return i.isLog() && re.MatchString(i.Text) }}
}

// Object matches a record that is has accepts; what describes it.
func Object(what string, is func(json.RawMessage) bool) Matcher {
	return Matcher{what, func(i Item) bool { return i.Kind == Record && is(i.JSON) }}
}

// Any matches what any of ms does.
func Any(ms ...Matcher) Matcher {
	var what []string
	for _, m := range ms {
		what = append(what, m.What)
	}
	return Matcher{strings.Join(what, " or "), func(i Item) bool {
		for _, m := range ms {
			if m.Match(i) {
				return true
			}
		}
		return false
	}}
}

func (i Item) isLog() bool { return i.Kind == Log || i.Kind == BootUp }

// Cursor is a place in the history. It is not safe for concurrent use; several
// cursors do not disturb each other.
type Cursor struct {
	console *Console
	next    uint64
}

// Now returns a cursor at the end of the history: it finds what is yet to come.
func (c *Console) Now() *Cursor {
	c.mu.Lock()
	defer c.mu.Unlock()
	return &Cursor{console: c, next: c.history.end()}
}

// After returns a cursor behind the item at place n. Places count from 1, so that
// After(0) is the beginning.
func (c *Console) After(n uint64) *Cursor { return &Cursor{console: c, next: n + 1} }

// Expect returns the next item that m matches, waiting for it if need be, and
// leaves the cursor behind it. It fails with [*Crash] when the device died
// before, with ErrLost when the port did, with ErrOverrun when the history has
// moved on too far, and with the error of ctx otherwise; then the cursor is
// where it was.
func (cur *Cursor) Expect(ctx context.Context, m Matcher) (Item, error) {
	c := cur.console
	for seen := cur.next; ; {
		c.mu.Lock()
		items, ok := c.history.from(seen)
		for _, i := range items {
			if c.crash != nil && i.N >= c.crashed {
				break
			}
			if m.Match(i) {
				c.mu.Unlock()
				cur.next = i.N + 1
				return i, nil
			}
		}
		seen = c.history.end()
		fatal, changed := c.fatal(), c.changed
		c.mu.Unlock()
		switch {
		case !ok:
			return Item{}, fmt.Errorf("console: expected %s: %w", m.What, ErrOverrun)
		case fatal != nil:
			return Item{}, fmt.Errorf("console: expected %s: %w", m.What, fatal)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Item{}, c.late(ctx, m)
		}
	}
}

// late returns the error of who has waited in vain. Half an exception is enough
// to explain a silence.
func (c *Console) late(ctx context.Context, m Matcher) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if crash := c.watch.pending(); crash != nil {
		return fmt.Errorf("console: expected %s: %w", m.What, crash)
	}
	tail := strings.TrimRight(c.tail(5), "\n")
	if tail == "" {
		return fmt.Errorf("console: expected %s: %w; nothing was heard", m.What, context.Cause(ctx))
	}
	return fmt.Errorf("console: expected %s: %w; last lines:\n%s", m.What, context.Cause(ctx), tail)
}
