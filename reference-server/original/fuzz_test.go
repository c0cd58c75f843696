package original

import (
	"encoding/json"
	"math"
	"testing"
	"time"
)

// Whatever a cell holds, next is never below it, data is JSON, and a time fits.
func FuzzCell(f *testing.F) {
	f.Add(int64(122), 121.5, "1211", []byte{0})
	f.Add(int64(-1), math.Inf(1), "2026-11-25 12:00:00", []byte("x"))
	f.Add(int64(1<<53), 1e300, `{"v":1}`, []byte(nil))
	f.Add(int64(1795608000123), 1e11, "1e400", []byte(nil))
	f.Fuzz(func(t *testing.T, i int64, x float64, s string, b []byte) {
		for _, v := range []any{i, x, s, b, nil} {
			for _, last := range []bool{false, true} {
				n, _, err := next(v, last)
				if err != nil {
					continue
				}
				if n > maxSEQN {
					t.Errorf("next(%v) = %d", v, n)
				}
				if v == any(i) && n < uint64(i) || v == any(x) && float64(n) < x {
					t.Errorf("next(%v, %t) = %d, which is below", v, last, n)
				}
			}
			if p, _, err := data(v); err == nil && !json.Valid(p) {
				t.Errorf("data(%v) = %q", v, p)
			}
			if at, _, err := moment(v); err == nil && !at.IsZero() && !time.Unix(0, at.UnixNano()).Equal(at) {
				t.Errorf("moment(%v) = %s", v, at)
			}
		}
	})
}
