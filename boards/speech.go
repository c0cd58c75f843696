package boards

import (
	"encoding"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// Verb is something that firmware can be asked to do, or has a word for.
type Verb string

// The verbs. Firmware that speaks the control protocol has them all; other
// firmware has those that its board's descriptor maps.
const (
	Send      Verb = "send"      // seal and post a reading that the host chooses
	Read      Verb = "read"      // the same with a reading of its own
	Restart   Verb = "restart"   // reset its own chip
	Skip      Verb = "skip"      // pass over SEQNs
	Next      Verb = "next"      // say the next SEQN
	Provision Verb = "provision" // take an id, a passphrase and a SEQN
	Server    Verb = "server"    // take the backend's address
	Seal      Verb = "seal"      // seal under a passphrase, salt and SEQN that are given
	Derive    Verb = "derive"    // derive a key in the same way
	Digest    Verb = "digest"    // digest its image under a nonce

	Attempts Verb = "attempts" // say how often a reading was tried
	Presumed Verb = "presumed" // tell a refusal after a loss from one after none
	Unknown  Verb = "unknown"  // say that no attempt was answered
	Facts    Verb = "facts"    // say how it was reset, and how often it has booted
	Resync   Verb = "resync"   // ask the backend what is next; only the control protocol has it
)

// words are what a command may have typed into it, and must have answered.
var words = map[Verb]struct{ typed, answered []string }{
	Send:      {typed: []string{"data"}},
	Read:      {},
	Restart:   {},
	Skip:      {typed: []string{"n"}, answered: []string{"next"}},
	Next:      {answered: []string{"next"}},
	Provision: {typed: []string{"id", "passphrase", "next"}, answered: []string{"next"}},
	Server:    {typed: []string{"host", "port"}},
	Seal:      {typed: []string{"passphrase", "salt", "seqn", "data"}, answered: []string{"msg"}},
	Derive:    {typed: []string{"passphrase", "salt"}, answered: []string{"key", "iv"}},
	Digest:    {typed: []string{"nonce"}, answered: []string{"md5", "size"}},
}

// Speech is how firmware is spoken to that has no control protocol.
type Speech struct {
	// Ready is the line that ends a boot. Its groups may be "firmware",
	// "version" and "next".
	Ready Pattern `yaml:"ready"`

	// Device is who the firmware is, if that is compiled in.
	Device struct {
		ID         string `yaml:"id"`
		Passphrase string `yaml:"passphrase"` // may be left to the command line
	} `yaml:"device"`

	// Backend is the IPv4 address and port to which it posts, if those are.
	Backend string `yaml:"backend"`

	Verbs   map[Verb]Command `yaml:"verbs"`
	Reading Reading          `yaml:"reading"`
}

// Command is how one verb is typed and answered.
type Command struct {
	// Type is what goes down the line, with {name} where an argument stands as
	// it is, and {name:hex} where in hexadecimal.
	Type string `yaml:"type"`

	// Answer is the line that answers, with a group for each thing told.
	Answer Pattern `yaml:"answer"`
}

// Reading is what the firmware says while it sends one: Begins, which has the
// group "seqn" and may have "data" and "salt", then Again for each attempt after
// the first, then an outcome. All may stand on one line. Of outcomes that match
// one line the first counts, in the order in which they stand here.
type Reading struct {
	Begins   Pattern `yaml:"begins"`
	Again    Pattern `yaml:"again"`
	Accepted Pattern `yaml:"accepted"`
	Presumed Pattern `yaml:"presumed"`
	Refused  Pattern `yaml:"refused"`
	Unknown  Pattern `yaml:"unknown"`
}

// Pattern is a regular expression (RE2), or nothing.
type Pattern struct {
	*regexp.Regexp
	bad error // why it does not compile, until somebody says where that is
}

var _ encoding.TextUnmarshaler = (*Pattern)(nil)

// UnmarshalText compiles the expression. One that does not compile is a mistake
// of the descriptor, which [Load] reports with its line.
func (p *Pattern) UnmarshalText(text []byte) error {
	p.Regexp, p.bad = regexp.Compile(string(text))
	return nil
}

// Find returns what the groups of p found in line, by name; ok is false if p is
// nothing or does not match. A group that took no part is left out.
func (p Pattern) Find(line string) (found map[string]string, ok bool) {
	if p.Regexp == nil {
		return nil, false
	}
	at := p.FindStringSubmatchIndex(line)
	if at == nil {
		return nil, false
	}
	found = map[string]string{}
	for i, name := range p.SubexpNames() {
		if name != "" && at[2*i] >= 0 {
			found[name] = line[at[2*i]:at[2*i+1]]
		}
	}
	return found, true
}

// Lacks reports whether the board's firmware has no such verb.
func (d *Descriptor) Lacks(v Verb) bool {
	if d.Speech == nil {
		return v == Read // it sends what it is told to, and nothing else
	}
	switch v {
	case Attempts:
		return d.Speech.Reading.Again.Regexp == nil
	case Presumed:
		return d.Speech.Reading.Presumed.Regexp == nil
	case Unknown:
		return d.Speech.Reading.Unknown.Regexp == nil
	}
	_, has := d.Speech.Verbs[v]
	return !has
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// Fill returns what is typed, with each argument in its place. hex is how an
// argument is written where {name:hex} stands.
func (c Command) Fill(argument func(name string, hex bool) string) string {
	return placeholder.ReplaceAllStringFunc(c.Type, func(place string) string {
		name, hex := strings.CutSuffix(strings.Trim(place, "{}"), ":hex")
		return argument(name, hex)
	})
}

// mistake is what is wrong in a descriptor beyond what the schema can tell.
type mistake struct {
	where []string // keys, from the root
	what  string
}

// mistakes looks at what a speech says of itself.
func (s *Speech) mistakes() (list []mistake) {
	say := func(what string, where ...string) {
		list = append(list, mistake{append([]string{"speech"}, where...), what})
	}
	groups := func(p Pattern, must, may []string, where ...string) {
		if p.bad != nil {
			say(p.bad.Error(), where...)
		}
		if p.Regexp == nil {
			return
		}
		names := p.SubexpNames()
		for _, name := range must {
			if !slices.Contains(names, name) {
				say(fmt.Sprintf("the pattern has no group (?P<%s>…)", name), where...)
			}
		}
		for _, name := range names {
			if name != "" && !slices.Contains(must, name) && !slices.Contains(may, name) {
				say(fmt.Sprintf("nothing is known of a group %q; there may be %s", name, listed(append(must, may...))), where...)
			}
		}
	}
	groups(s.Ready, nil, []string{"firmware", "version", "next"}, "ready")
	groups(s.Reading.Begins, []string{"seqn"}, []string{"data", "salt"}, "reading", "begins")
	outcomes := map[string]Pattern{"again": s.Reading.Again, "accepted": s.Reading.Accepted, "presumed": s.Reading.Presumed, "refused": s.Reading.Refused, "unknown": s.Reading.Unknown}
	for _, name := range slices.Sorted(maps.Keys(outcomes)) {
		groups(outcomes[name], nil, nil, "reading", name)
	}
	for _, v := range slices.Sorted(maps.Keys(s.Verbs)) {
		c, w := s.Verbs[v], words[v]
		if c.Answer.Regexp == nil && c.Answer.bad == nil && len(w.answered) > 0 {
			say("an answer is needed, with "+listed(w.answered), "verbs", string(v))
		}
		groups(c.Answer, w.answered, nil, "verbs", string(v), "answer")
		var typed []string
		for _, place := range placeholder.FindAllStringSubmatch(c.Type, -1) {
			name, _ := strings.CutSuffix(place[1], ":hex")
			if typed = append(typed, name); !slices.Contains(w.typed, name) {
				say(fmt.Sprintf("%s is no argument of %s; it has %s", place[0], v, listed(w.typed)), "verbs", string(v), "type")
			}
		}
		for _, name := range w.typed {
			if !slices.Contains(typed, name) {
				say(fmt.Sprintf("{%s} or {%s:hex} is missing: the firmware would not hear it", name, name), "verbs", string(v), "type")
			}
		}
	}
	_, sends := s.Verbs[Send]
	_, reads := s.Verbs[Read]
	_, provisioned := s.Verbs[Provision]
	_, told := s.Verbs[Server]
	switch {
	case !sends && !reads:
		say("one of send and read is needed, or nothing can be tested", "verbs")
	case !provisioned && s.Device.ID == "":
		say("without a verb provision the firmware has an id compiled in: say it as device: {id: …}")
	case s.Backend != "":
		if addr, err := netip.ParseAddrPort(s.Backend); err != nil || !addr.Addr().Is4() || addr.Port() == 0 {
			say(s.Backend+" is no IPv4 address and port", "backend")
		}
	case !told:
		say("without a verb server the firmware has an address compiled in: say it as backend: 192.168.1.2:1880")
	}
	return list
}

// listed names some things, for a person.
func listed(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
