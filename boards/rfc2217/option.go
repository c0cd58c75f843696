package rfc2217

// Options keeps track of which options are in use, so that two ends never
// answer each other's answers for ever: the Q method of RFC 1143, without its
// queues, for nothing here is switched off again by choice.
type Options struct {
	ours   map[byte]standing // what we do: WILL, WONT, and their DO, DONT
	theirs map[byte]standing // what they do
}

// standing is how an option stands. What is not in the map is off.
type standing int

const (
	off   standing = iota
	asked          // by us, without an answer yet
	on
	refused // by them, when asked
)

// willing are the options that we use and let the other use.
func willing(option byte) bool { return option == Binary || option == SGA || option == ComPort }

// Ask appends a request: that we use an option (WILL), or that they do (DO).
func (o *Options) Ask(dst []byte, verb, option byte) []byte {
	if m := o.side(verb); m[option] == off {
		m[option] = asked
		return AppendNegotiation(dst, verb, option)
	}
	return dst
}

// side returns what verb is about; that of DO and DONT is the other end, if we
// say it.
func (o *Options) side(verb byte) map[byte]standing {
	if o.ours == nil {
		o.ours, o.theirs = map[byte]standing{}, map[byte]standing{}
	}
	if verb == WILL || verb == WONT {
		return o.ours
	}
	return o.theirs
}

// Hear takes what the other end says, and appends the answer, if there has to
// be one.
func (o *Options) Hear(dst []byte, verb, option byte) []byte {
	yes, no, m := WILL, WONT, o.side(WILL) // they say DO or DONT of what we do
	if verb == WILL || verb == WONT {
		yes, no, m = DO, DONT, o.side(DO)
	}
	was := m[option]
	switch {
	case verb == DO || verb == WILL:
		if was == on {
			return dst
		}
		if !willing(option) {
			return AppendNegotiation(dst, no, option)
		}
		m[option] = on
		if was == asked {
			return dst
		}
		return AppendNegotiation(dst, yes, option)
	case was == on:
		m[option] = refused
		return AppendNegotiation(dst, no, option)
	case was == asked:
		m[option] = refused
	}
	return dst
}

// On reports whether an option is in use, by us or by them.
func (o *Options) On(option byte) bool { return o.ours[option] == on || o.theirs[option] == on }

// Refused reports whether the other end has refused an option that we asked for.
func (o *Options) Refused(option byte) bool {
	return o.ours[option] == refused || o.theirs[option] == refused
}
