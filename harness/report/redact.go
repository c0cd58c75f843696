package report

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Redact returns text without the run's secrets.
func (r *Run) Redact(text string) string { return r.cleaner().Replace(text) }

// cleaner replaces the run's secrets.
func (r *Run) cleaner() *strings.Replacer { return Cleaner(r.Secrets) }

// Cleaner replaces secrets, plain and as they come in URLs, in JSON, in
// hexadecimal digits and in base64. One of less than four bytes is left: it
// would take half of all words with it.
func Cleaner(secrets []string) *strings.Replacer {
	var pairs []string
	for _, s := range secrets {
		if len(s) < 4 {
			continue
		}
		x := hex.EncodeToString([]byte(s))
		quoted := strconv.Quote(s)
		for _, form := range []string{s, url.PathEscape(s), url.QueryEscape(s), quoted[1 : len(quoted)-1], x, strings.ToUpper(x),
			base64.StdEncoding.EncodeToString([]byte(s)), base64.RawStdEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s))} {
			pairs = append(pairs, form, "[redacted]")
		}
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
		res.Crash = slices.Clone(res.Crash)
		for j := range res.Crash {
			res.Crash[j] = clean(res.Crash[j])
		}
		res.Attempts = slices.Clone(res.Attempts)
		for j := range res.Attempts {
			res.Attempts[j].Message = clean(res.Attempts[j].Message)
		}
	}
	return &out
}
