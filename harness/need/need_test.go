package need_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/espalier-hil/espalier/harness/need"
)

// witness is a test that notes how it ended.
type witness struct {
	testing.TB
	ended string
	said  string
}

func (w *witness) Helper()                        {}
func (w *witness) Fatalf(format string, a ...any) { w.end("failed: "+format, a...) }
func (w *witness) Skipf(format string, a ...any)  { w.end("skipped: "+format, a...) }

func (w *witness) Logf(format string, a ...any) { w.said = fmt.Sprintf(format, a...) }

// end ends the goroutine, as a test does.
func (w *witness) end(format string, a ...any) {
	w.ended = fmt.Sprintf(format, a...)
	runtime.Goexit()
}

// ending returns how a test that does f ends, or nothing if it goes on.
func ending(t *testing.T, f func(testing.TB)) string {
	w := &witness{TB: t}
	var over sync.WaitGroup
	over.Go(func() { f(w) })
	over.Wait()
	return w.ended
}

func TestWhatIsMissingIsSkippedAndRedInCI(t *testing.T) {
	for _, tt := range []struct{ ci, want string }{
		{"", "skipped: not run: needs the command no-such-tool"},
		{"1", "failed: this lane promises everything, but lacks the command no-such-tool"},
	} {
		t.Setenv("ESPALIER_CI", tt.ci)
		if got := ending(t, func(t testing.TB) { need.Tool(t, "no-such-tool") }); got != tt.want {
			t.Errorf("ESPALIER_CI=%q: %q, want %q", tt.ci, got, tt.want)
		}
		want := strings.Replace(tt.want, "command no-such-tool", "module no_such_module", 1)
		got := ending(t, func(t testing.TB) { need.Python(t, "no_such_module") })
		if got = strings.Replace(got, "python3 with the", "the", 1); got != want {
			t.Errorf("ESPALIER_CI=%q: %q, want %q", tt.ci, got, want)
		}
	}
}

func TestWhatIsThereIsFound(t *testing.T) {
	got := ending(t, func(t testing.TB) {
		need.Tool(t, "go")
		need.File(t, "need.go", "this package")
	})
	if got != "" {
		t.Error(got)
	}
}

// A run is repeated by the seed that it says it had.
func TestSeed(t *testing.T) {
	t.Setenv("ESPALIER_SEED", "")
	w := &witness{TB: t}
	first, said := need.Seed(w), w.said
	if need.Seed(w) == first {
		t.Error("the seed is the same each time")
	}
	variable, value, _ := strings.Cut(strings.TrimPrefix(said, "repeat with "), "=")
	t.Setenv(variable, value)
	if again := need.Seed(w); again != first || w.said != said {
		t.Errorf("%q gives %d, and %q, want %d", said, again, w.said, first)
	}
	t.Setenv("ESPALIER_SEED", "soon")
	if got := ending(t, func(t testing.TB) { need.Seed(t) }); !strings.HasPrefix(got, "failed: ESPALIER_SEED: ") {
		t.Errorf("no number: %q", got)
	}
}
