package report

import (
	"encoding/hex"
	"slices"
	"strings"
)

// Redact returns text without the run's secrets.
func (r *Run) Redact(text string) string { return r.cleaner().Replace(text) }

// cleaner replaces the secrets, plain and in hexadecimal digits.
func (r *Run) cleaner() *strings.Replacer {
	var pairs []string
	for _, s := range r.Secrets {
		if len(s) < 4 {
			continue
		}
		x := hex.EncodeToString([]byte(s))
		pairs = append(pairs, s, "[redacted]", x, "[redacted]", strings.ToUpper(x), "[redacted]")
	}
	return strings.NewReplacer(pairs...)
}

// redacted returns a copy of the run without its secrets.
func (r *Run) redacted() *Run {
	clean := r.cleaner().Replace
	out := *r
	out.Repeat, out.Server.Why = clean(r.Repeat), clean(r.Server.Why)
	out.Results = slices.Clone(r.Results)
	for i := range out.Results {
		res := &out.Results[i]
		for _, text := range []*string{&res.ID, &res.Message, &res.Expected, &res.Got, &res.Repeat} {
			*text = clean(*text)
		}
		res.Log = slices.Clone(res.Log)
		for j := range res.Log {
			res.Log[j] = clean(res.Log[j])
		}
		res.Attempts = slices.Clone(res.Attempts)
		for j := range res.Attempts {
			res.Attempts[j].Message = clean(res.Attempts[j].Message)
		}
	}
	return &out
}
