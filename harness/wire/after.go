package wire

import (
	"cmp"
	"slices"
)

// After returns the complete exchanges that began behind the one numbered n, in
// the order in which they began. It looks at no more of the record than it must.
func (r *Recorder) After(n int) []Exchange {
	r.mu.Lock()
	defer r.mu.Unlock()
	var list []Exchange
	older := 0 // exchanges end in another order than they begin, as far as several are open at once
	for i := len(r.done) - 1; i >= 0 && older < maxConns; i-- {
		if r.done[i].N > n {
			list = append(list, r.done[i])
			older = 0
		} else {
			older++
		}
	}
	slices.SortFunc(list, func(a, b Exchange) int { return cmp.Compare(a.N, b.N) })
	return list
}
