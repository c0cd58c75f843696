package evidence

// Verdict is what came of a test.
type Verdict string

// The verdicts.
const (
	Pass         Verdict = "PASS"
	Fail         Verdict = "FAIL"         // the backend does what a requirement forbids
	XFail        Verdict = "XFAIL"        // it failed as the list of expected failures says
	XPass        Verdict = "XPASS"        // it passed though that list says it fails
	Skip         Verdict = "SKIP"         // no profile demands it of this target; Why says what it would need
	NotRun       Verdict = "NOT_RUN"      // it is demanded, and something is lacking; Why says what
	Limit        Verdict = "LIMIT"        // nobody could do better under this protocol
	Crash        Verdict = "CRASH"        // the backend does not take connections any more
	Hang         Verdict = "HANG"         // no answer in time
	Error        Verdict = "ERROR"        // the engine, a hook or the test itself failed
	Inconclusive Verdict = "INCONCLUSIVE" // it cannot be told
)

// Verdicts returns all verdicts, those that matter most first.
func Verdicts() []Verdict {
	return []Verdict{Fail, Crash, Hang, XPass, Error, Inconclusive, NotRun, XFail, Limit, Skip, Pass}
}

// Broken reports whether the backend did what a requirement forbids, expected or
// not.
func (v Verdict) Broken() bool { return v == Fail || v == Crash || v == Hang || v == XFail }
