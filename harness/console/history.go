package console

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// history is the latest items, bounded in bytes.
type history struct {
	limit int
	size  int
	first uint64 // place of items[0]; places count from 1
	items []Item
}

func newHistory(limit int) history {
	if limit <= 0 {
		limit = 4 << 20
	}
	return history{limit: limit, first: 1}
}

// itemCost is what an item takes up beside its text, in bytes.
const itemCost = 128

func (i Item) cost() int { return itemCost + len(i.Text) + len(i.JSON) }

// end returns the place of the item that comes next.
func (h *history) end() uint64 { return h.first + uint64(len(h.items)) }

func (h *history) add(i Item) {
	i.N = h.end()
	h.items = append(h.items, i)
	h.size += i.cost()
	drop := 0
	for h.size > h.limit && drop < len(h.items)-1 {
		h.size -= h.items[drop].cost()
		drop++
	}
	clear(h.items[:drop])
	h.items = h.items[drop:]
	h.first += uint64(drop)
}

// from returns the items from place n on; ok is false if the first is gone.
func (h *history) from(n uint64) (items []Item, ok bool) {
	if n < h.first {
		return nil, false
	}
	return h.items[min(n, h.end())-h.first:], true
}

// Tail returns the last n lines that went either way, and the line that is not
// complete yet, for a person who must find out what happened. Each begins with
// the seconds since the console was opened and the way that it went.
func (c *Console) Tail(n int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.tail(n)
}

func (c *Console) tail(n int) string {
	var b strings.Builder
	items := c.history.items
	for _, i := range items[max(0, len(items)-n):] {
		way := "<"
		if i.Kind == Sent {
			way = ">"
		}
		fmt.Fprintf(&b, "%9.3f %s %s\n", i.At.Sub(c.start).Seconds(), way, printable(i.Text))
	}
	if rest := c.splitter.rest(); len(rest) > 0 {
		fmt.Fprintf(&b, "%9.3f … %s\n", time.Since(c.start).Seconds(), printable(string(rest)))
	}
	return b.String()
}

// longestShown bounds a line in messages, in bytes.
const longestShown = 200

// printable returns s as it is where a terminal can show it, else quoted.
func printable(s string) string {
	more := ""
	if len(s) > longestShown {
		s, more = s[:longestShown], "…"
	}
	for _, r := range s {
		if !strconv.IsPrint(r) {
			return strconv.Quote(s) + more
		}
	}
	return s + more
}

func trimEnd(line []byte) []byte { return bytes.TrimRight(line, "\r\n") }
