package main

import "github.com/espalier-hil/espalier/vectors"

// poisonLive has what a runner with a backend compares: answers over a
// connection, answers of a burst, and whether refusals look alike.
func poisonLive() ([]*vectors.Group, error) {
	group := func(kind, wrong string, t vectors.Test) *vectors.Group {
		return &vectors.Group{Type: kind, Source: core, Poison: wrong, Tests: []vectors.Test{t}}
	}
	web := func(name, wrong, comment, req string, result vectors.Result, requests []vectors.HTTPRequest) *vectors.Group {
		t := &vectors.HTTPTest{Case: bad("http-"+name, comment, req, result), Requests: requests}
		if result == vectors.Invalid {
			t.RejectStage = []vectors.Stage{vectors.StageHTTP}
		}
		return group("HttpTest", wrong, t)
	}
	burst := func(name, wrong, comment string, salvos ...vectors.Salvo) *vectors.Group {
		return group("ConcurrencyTest", wrong, &vectors.ConcurrencyTest{
			Case:    bad("concurrency-"+name, comment, "REQ-SEQ-004", vectors.Valid),
			Initial: map[string]string{"a": "121"}, Burst: salvos, Rounds: 3, Release: vectors.LastByte, Predicate: vectors.ExactlyOneOK,
		})
	}
	alike := func(name, wrong, comment string, observe ...string) *vectors.Group {
		return group("OracleTest", wrong, &vectors.OracleTest{
			Case: bad("oracle-"+name, comment, "REQ-RSP-003", vectors.Valid), Initial: map[string]string{"a": "121"}, Observe: observe,
			Classes: map[string][]vectors.Send{"fine": {{Device: "a", SEQN: "121"}}, "replay": {{Device: "a", SEQN: "120"}}},
		})
	}
	return []*vectors.Group{
		web("refuse", "a request as a device sends it is expected to be refused", "nothing is wrong with it", "REQ-RSP-001", vectors.Invalid, one(good, rejects)),
		web("accept", "a body that is no JSON is expected to be accepted", "the body ends in its middle", "REQ-RSP-001", vectors.Valid, one(unreadable, accepted)),
		web("second", "the second request of a connection is expected to be refused", "two messages, one after the other", "REQ-HTTP-003", vectors.Valid,
			two(good, accepted, good2, rejects)),
		burst("none", "of copies of a number that was used, one is expected to be accepted", "four replays at once", copies("a", 120, 4)),
		alike("accepted", "a message that is accepted is expected to look like one that is refused", "a good message and a replay", "body"),
	}, nil
}
