package cli

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/suites/conform"
	"github.com/espalier-hil/espalier/suites/evidence"
	"github.com/espalier-hil/espalier/suites/live"
	"github.com/espalier-hil/espalier/vectors"
)

// conformScreen shows a run while it goes on, a row for each chapter, and in the
// end what came out.
type conformScreen struct {
	*screen
	flags *conformFlags
	cmd   *cobra.Command
	suite *vectors.Suite
	rows  []row
	ran   int
	all   int // tests that are to come

	unseen []string // tests that are expected to fail, and of which nothing was seen
}

// plan says, before anything is sent, what is going to happen to the devices.
func (s *conformScreen) plan(steps []conform.Step) {
	f := s.flags
	risky := 0
	for _, step := range steps {
		if step.Risk > live.Harmless {
			risky++
		}
	}
	s.print(s.entry(" ", "backend", printable(f.url)))
	if len(f.devices) > 0 {
		s.print(s.entry(" ", "devices", printable(strings.Join(f.devices, ", "))+", reserved for these tests: their numbers go on rising"))
	}
	if f.set.Provision != "" {
		s.print(s.entry(" ", "devices", "are made as they are needed, each with an id of its own"))
	} else if f.disposable {
		s.print(s.entry(" ", "risk", fmt.Sprintf("%d tests, the last ones, may lock a device out; --disposable permits it", risky)))
	} else {
		s.print(s.entry(" ", "risk", fmt.Sprintf("none; %d tests that may lock a device out are not run without --disposable", risky)))
	}
	s.print(s.entry(" ", "tests", fmt.Sprintf("%d, profile %s, seed %d, at most %s", len(steps), strings.Join(f.profiles, " and "), f.seed, f.budget)))
	s.all = len(steps)
}

// result takes a result in. A chapter's tests do not all come one after the
// other, since the dangerous ones are last.
func (s *conformScreen) result(res evidence.Result) {
	chapter, _, _ := strings.Cut(res.ID, "/")
	i := slices.IndexFunc(s.rows, func(r row) bool { return r.name == chapter })
	if i < 0 {
		i = len(s.rows)
		s.rows = append(s.rows, row{name: chapter})
	}
	r := &s.rows[i]
	r.took += res.Took
	switch v := res.Verdict; {
	case v == evidence.Pass || v == evidence.Limit:
		r.passed++
	case v.Broken() || v == evidence.Error:
		r.failed++
	default:
		r.left++
	}
	s.ran++
	s.draw(fmt.Sprintf("  %4d of %d  %s", s.ran, s.all, *r))
}

// table prints a row for each chapter.
func (s *conformScreen) table() {
	if len(s.rows) > 0 {
		s.print(fmt.Sprintf("\n    %-14s %6s %7s %7s %8s\n", "", "tests", "passed", "failed", "not run"))
	}
	for _, r := range s.rows {
		mark := s.paint("32", "✓")
		switch {
		case r.failed > 0:
			mark = s.paint("31", "✗")
		case r.passed == 0:
			mark = s.paint("33", "–")
		}
		s.print(fmt.Sprintf("  %s %s%s\n", mark, r, s.took(r.took)))
	}
}

// summary writes what came out: failures, what they point to, the verdicts.
func (s *conformScreen) summary(run *evidence.Run) {
	s.print("\n")
	shown := 0
	for i := range run.Results {
		res := &run.Results[i]
		switch {
		case res.Verdict == evidence.XFail || !res.Verdict.Broken() && res.Verdict != evidence.Error && res.Verdict != evidence.Inconclusive && res.Verdict != evidence.XPass:
		case shown < mostDetails:
			shown++
			s.failure(run, res)
		default:
			if shown++; shown == mostDetails+1 {
				s.print(fmt.Sprintf("The others, one line each; all of it is in %s/report.json:\n", s.flags.out))
			}
			s.print(fmt.Sprintf("%s %s\n", s.paint("31", "✗"), printable(cut(string(res.Verdict)+" "+res.ID+": "+res.Why, 150))))
		}
	}
	s.left(run)
	if len(s.unseen) > 0 {
		s.print(fold("  expected to fail, and not seen: "+strings.Join(s.unseen, ", "), s.width(), 4) + "\n\n")
	}
	for _, name := range evidence.Profiles {
		s.profile(run, name)
	}
	code := run.Code()
	s.print(fmt.Sprintf("\n%s in %.1f s · exit %d, %s\n", counted(run), run.Finished.Sub(run.Started).Seconds(), int(code), code))
	for _, d := range run.Target.Devices {
		if d.Lost != "" {
			s.print(fmt.Sprintf("device %s cannot be used again: %s\n", printable(d.ID), printable(d.Lost)))
		}
	}
	if code != report.CodeOK {
		s.print("repeat: " + printable(run.Repeat) + "\n")
	}
	s.print(left(s.flags.out))
}

// failure writes all that helps with one.
func (s *conformScreen) failure(run *evidence.Run, res *evidence.Result) {
	s.print(fmt.Sprintf("%s %s %s\n", s.paint("31", "✗"), res.Verdict, res.ID))
	say := s.field
	say("test", res.Comment)
	for _, id := range res.Blames() {
		req := s.suite.Requirements[id]
		say("requires", fmt.Sprintf("%s: %s %s (PROTOCOL.md %s)", id, req.InWords(), req.Text, req.Section))
	}
	say("why", res.Why)
	for _, x := range res.Exchanges[max(0, len(res.Exchanges)-3):] {
		say("sent", fmt.Sprintf("%s, to %s: %s", x.What, x.Device, cut(x.Sent, 90)))
		say("got", x.Answer)
	}
	if d, known := s.suite.Dialects[res.Dialect]; known {
		say("dialect", fmt.Sprintf("%s: %s. %s.", d.Name, d.Description, d.Effect))
		if len(res.Maybe) > 0 {
			say("or", strings.Join(res.Maybe, ", "))
		}
	}
	for _, note := range res.Notes {
		say("note", note)
	}
	if res.Repeat != "" {
		s.print("    replay    " + printable(res.Repeat) + "\n")
	}
	for _, line := range res.Shell {
		s.print("    by hand   " + printable(line) + "\n")
	}
	s.print("\n")
}

// long are numbers that make one reason look like many.
var long = regexp.MustCompile(`[0-9]{6,}`)

// left says what was not run, and why, the same reasons together.
func (s *conformScreen) left(run *evidence.Run) {
	reasons := map[string]int{}
	var order []string
	for _, res := range run.Results {
		if res.Verdict != evidence.NotRun && res.Verdict != evidence.Skip {
			continue
		}
		text := fmt.Sprintf("%s: %s", strings.ReplaceAll(string(res.Verdict), "_", " "), long.ReplaceAllString(res.Why, "…"))
		if reasons[text]++; reasons[text] == 1 {
			order = append(order, text)
		}
	}
	slices.SortStableFunc(order, func(a, b string) int { return reasons[b] - reasons[a] })
	for i, text := range order {
		if i == 8 {
			s.print(fmt.Sprintf("  and for %d more reasons\n", len(order)-i))
			break
		}
		s.print(fold(fmt.Sprintf("  %4d  %s", reasons[text], printable(text)), s.width(), 8) + "\n")
	}
	if len(order) > 0 {
		s.print("\n")
	}
}

// profile writes what the run says of one.
func (s *conformScreen) profile(run *evidence.Run, name string) {
	p := run.Judge(name)
	colour := map[evidence.Standing]string{evidence.Conformant: "32", evidence.Nonconformant: "31"}[p.Standing]
	if colour == "" {
		colour = "33"
	}
	text := fmt.Sprintf("  %-8s %s", name, s.paint(colour, string(p.Standing)))
	for _, list := range []struct {
		what string
		ids  []string
	}{{"broken", p.Broken}, {"untested", p.Untested}, {"advice", p.Advice}} {
		if len(list.ids) > 0 {
			text += "; " + list.what + ": " + strings.ReplaceAll(strings.Join(list.ids, " "), "REQ-", "")
		}
	}
	s.print(fold(text, s.width(), 11) + "\n")
}

// counted writes how many results there are of each kind.
func counted(run *evidence.Run) string {
	counts := run.Counts()
	var parts []string
	for _, v := range evidence.Verdicts() {
		if counts[v] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[v], strings.ReplaceAll(string(v), "_", " ")))
		}
	}
	return strings.Join(parts, ", ")
}

// printSteps writes a line for each test, with what it may do to a device.
func printSteps(w io.Writer, steps []conform.Step) error {
	for _, step := range steps {
		risk := ""
		if step.Risk > live.Harmless {
			risk = "  (--disposable: " + step.Why + ")"
		}
		if _, err := fmt.Fprintf(w, "%-44s %s%s\n", step.ID, printable(step.Comment), risk); err != nil {
			return unwritten(err)
		}
	}
	return nil
}

// repeat returns the command line that repeats the run, or one test of it.
func (f *conformFlags) repeat(cmd *cobra.Command, id string) string {
	if id == "" || id == live.FirstExchange {
		return strings.Join(append(given(cmd), "--seed", fmt.Sprint(f.seed)), " ")
	}
	return strings.Join(append(given(cmd, "only", "not"), "--only", quote("^"+id+"$"), "--seed", fmt.Sprint(f.seed)), " ")
}

// shell returns lines of a shell that send a message of the test again, byte for
// byte, and open it: the one that the test is about, or else the last.
func (f *conformFlags) shell(res *evidence.Result) []string {
	list := slices.Clone(res.Exchanges)
	slices.SortStableFunc(list, func(a, b evidence.Exchange) int {
		is := func(x evidence.Exchange) bool { return x.What == res.Comment }
		switch {
		case is(a) == is(b):
			return 0
		case is(a):
			return 1
		}
		return -1
	})
	for _, x := range slices.Backward(list) {
		if x.Raw || x.SEQN == "" || strings.Contains(x.Sent, "…") || x.What == "recovery" {
			continue
		}
		body := `{"msg":"` + x.Sent + `"}`
		if strings.ContainsFunc(x.Sent, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r > '~' }) {
			continue
		}
		return []string{
			fmt.Sprintf("curl -si -H 'Content-Type: application/json' --data %s %s", quote(body), quote(strings.TrimSuffix(f.url, "/")+"/"+x.Device)),
			fmt.Sprintf("echo %s | openssl enc -d -aes-256-cbc -md md5 -a -A -pass file:%s | openssl base64 -d -A", quote(x.Sent), f.file(x.Device)),
		}
	}
	return nil
}

// file names the file with a device's passphrase.
func (f *conformFlags) file(device string) string {
	i := slices.Index(f.devices, device)
	if len(f.files) == 0 || i < 0 {
		return "PASSPHRASE_FILE"
	}
	return quote(f.files[min(i, len(f.files)-1)])
}
