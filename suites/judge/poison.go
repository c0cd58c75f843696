package judge

import (
	"context"

	"github.com/espalier-hil/espalier/suites/codec"
	"github.com/espalier-hil/espalier/vectors"
)

// Poisoned is how a test went whose expectation is wrong on purpose. It must be
// red.
type Poisoned struct {
	Result
	Poison string `json:"poison"` // what is wrong with the expectation
	Blind  bool   `json:"blind"`  // even code that is known to be right passes: the judge is broken
}

// Survived reports whether the poison was not noticed. Either the judge is
// blind, or the code does the wrong thing that is expected.
func (p Poisoned) Survived() bool { return p.Verdict == Pass }

// Poison judges c by the poison. What c does not implement is NOT_RUN.
func Poison(ctx context.Context, c codec.Codec, profile string) ([]Poisoned, error) {
	return poison(ctx, c, profile, faults{})
}

func poison(ctx context.Context, c codec.Codec, profile string, planted faults) ([]Poisoned, error) {
	library, err := vectors.All()
	if err != nil {
		return nil, err
	}
	suite, err := vectors.Poison()
	if err != nil {
		return nil, err
	}
	j, err := newJudge(library, c, profile)
	if err != nil {
		return nil, err
	}
	j.faults = planted
	right := *j
	right.codec = codec.Reference{}
	var all []Poisoned
	for _, f := range suite.Files {
		for _, g := range f.Groups {
			for _, t := range g.Tests {
				p := Poisoned{Result: j.test(ctx, g, t), Poison: g.Poison}
				if ctx.Err() != nil {
					return all, ctx.Err()
				}
				p.Blind = right.test(ctx, g, t).Verdict == Pass
				switch {
				case p.Verdict != Pass || p.Blind:
				case p.Partly:
					p.end(NotRun, "what is wrong with it is in what the code does not implement")
				case p.mute && len(p.Stages) > 0:
					p.end(NotRun, "what is wrong with it is the stage, and the code does not say where it refuses")
				}
				p.Partly = p.Partly && p.Verdict == Pass
				all = append(all, p)
			}
		}
	}
	return all, nil
}
