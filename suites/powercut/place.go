package powercut

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Place is where a cut was made: in which pulse, counted from 1, of which act.
// In text it is act, "/", pulse; where that is cut more than once, "~" and the
// number of the further time; and where the boot after was cut too, "+" and the
// pulse of that: "send-256/9", "provision-other/208~3+120". A life is one place as
// a whole: "life-3".
type Place struct {
	Act   string
	Pulse int // 0: of a life
	Again int // 0: the first time
	Boot  int // 0: the boot after was not cut
}

// The acts, beside send-N, N from 0, and life-N.
const (
	firstAct = "provision-first" // of a blank device
	sameAct  = "provision-same"  // with the same passphrase and a higher number
	otherAct = "provision-other" // as another device
)

// farthest is a send that no exploration comes to; to find that out by going there
// would take minutes.
const farthest = 9_999

// ErrPlace reports a text that names no place.
var ErrPlace = errors.New("powercut: no such place")

func (p Place) String() string {
	s := p.Act
	if p.Pulse > 0 {
		s += "/" + strconv.Itoa(p.Pulse)
	}
	if p.Again > 0 {
		s += "~" + strconv.Itoa(p.Again)
	}
	if p.Boot > 0 {
		s += "+" + strconv.Itoa(p.Boot)
	}
	return s
}

// words is String for a sentence.
func (p Place) words() string {
	switch {
	case p.Boot > 0:
		return fmt.Sprintf("cut in pulse %d of %s and again in pulse %d of the boot after it", p.Pulse, p.Act, p.Boot)
	case p.Pulse > 0:
		return fmt.Sprintf("cut in pulse %d of %s", p.Pulse, p.Act)
	}
	return p.Act
}

// ParsePlace reads what String writes. The error is an [ErrPlace].
func ParsePlace(s string) (Place, error) {
	act, pulses, cut := strings.Cut(s, "/")
	p := Place{Act: act}
	ok := act == firstAct || act == sameAct || act == otherAct || p.number("send-") >= 0 && p.number("send-") <= farthest && cut || p.number("life-") >= 0 && !cut
	if cut {
		pulses, boot, _ := strings.Cut(pulses, "+")
		pulse, again, _ := strings.Cut(pulses, "~")
		p.Pulse, p.Again, p.Boot = positive(pulse), positive(again), positive(boot)
		ok = ok && p.Pulse > 0
	}
	if !ok || p.String() != s {
		return Place{}, fmt.Errorf("%w as %q: a place is like send-256/9, %s/40+120 or life-3", ErrPlace, s, otherAct)
	}
	return p, nil
}

// number returns the number behind prefix, or -1.
func (p Place) number(prefix string) int {
	digits, ok := strings.CutPrefix(p.Act, prefix)
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 0 || strconv.Itoa(n) != digits {
		return -1
	}
	return n
}

func positive(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// seed is what decides what a cut at p leaves.
func (p Place) seed(of uint64) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for _, c := range []byte(strconv.FormatUint(of, 10) + " " + p.String()) {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h
}
