package soak

import (
	"context"
	"errors"
	"slices"
	"time"
)

// What shrinking may cost.
const (
	maxTries   = 200
	shrinkTime = 2 * time.Minute
)

// Shortest is the shortest script found that breaks a promise.
type Shortest struct {
	Script  Script
	Failure *Failure
	Tries   int
	Again   bool // it failed again; else Script is as it was drawn
	Spent   bool // time or tries ran out: there may be a shorter one, or it may fail again
}

// Shrink leaves steps out of a script that failed, as long as what is left still
// breaks the same requirement on a fresh device, and makes numbers smaller. What
// broke it is mostly among the last steps: those are tried first, for all of them
// may take as long as they took before. An error is the bench's own.
func Shrink(ctx context.Context, b Bench, script Script, failure *Failure) (Shortest, error) {
	s := Shortest{Script: script, Failure: failure}
	ctx, cancel := context.WithTimeout(ctx, shrinkTime)
	defer cancel()
	try := func(candidate Script) (bool, error) {
		if s.Spent = s.Tries == maxTries || ctx.Err() != nil; s.Spent {
			return false, nil
		}
		s.Tries++
		f, err := replay(ctx, b, candidate)
		if f == nil && ctx.Err() != nil {
			s.Spent = true
			return false, nil
		}
		if err != nil || f == nil || f.Req != failure.Req {
			return false, err
		}
		s.Script, s.Failure, s.Again = slices.Clone(candidate[:f.At+1]), f, true
		return true, nil
	}
	script = script[:failure.At+1]
	for last := 1; !s.Again && !s.Spent; last *= 4 {
		last = min(last, len(script))
		if _, err := try(script[len(script)-last:]); err != nil {
			return s, err
		}
		if last == len(script) {
			break
		}
	}
	if !s.Again {
		return s, nil
	}
	for chunk := len(s.Script) / 2; chunk > 0; {
		shorter := false
		for at := 0; at+chunk <= len(s.Script); {
			less, err := try(slices.Concat(s.Script[:at], s.Script[at+chunk:]))
			if err != nil {
				return s, err
			}
			if shorter = shorter || less; !less {
				at += chunk
			}
		}
		if !shorter {
			chunk /= 2
		} else {
			chunk = min(chunk, max(1, len(s.Script)/2))
		}
	}
	for i := range s.Script {
		for i < len(s.Script) && s.Script[i].N > 0 {
			smaller := slices.Clone(s.Script)
			smaller[i].N /= 2
			if less, err := try(smaller); !less {
				if err != nil {
					return s, err
				}
				break
			}
		}
	}
	return s, nil
}

// replay does the steps of a script on a fresh device.
func replay(ctx context.Context, b Bench, script Script) (*Failure, error) {
	i := 0
	_, err := Run(ctx, b, func() (Step, bool) {
		if i == len(script) {
			return Step{}, false
		}
		i++
		return script[i-1], true
	}, nil)
	var f *Failure
	if errors.As(err, &f) {
		return f, nil
	}
	return nil, err
}
