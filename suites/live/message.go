package live

import (
	"fmt"
	"slices"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/construct"
)

// plain is what messages seal. The token is random, so that an answer which
// repeats it gives away what was sealed.
const plain = `{"data":{"value":%d,"token":"%s"},"SEQN":${SEQN}}`

// telling is how many bytes a text has to have for an answer that repeats it to
// have seen it opened.
const telling = 16

// message is a sealed message.
type message struct {
	from   *device
	seqn   uint64
	msg    string
	secret string // its text, or the part that nobody else can know; may be empty
}

// seal makes a well-made message of the device.
func (r *run) seal(d *device, seqn uint64) message {
	token := r.word(16)
	m, err := r.build(d, seqn, vectors.Construct{Plain: fmt.Sprintf(plain, r.rng.IntN(1000), token)})
	if err != nil {
		panic("live: internal error: a plain recipe has no op that could fail: " + err.Error())
	}
	m.secret = token
	return m
}

// build executes a recipe for the device, under a salt of its own.
func (r *run) build(d *device, seqn uint64, recipe vectors.Construct) (message, error) {
	p := construct.Params{Passphrase: []byte(d.passphrase), SEQN: fmt.Sprint(seqn)}
	for i := range p.Salt {
		p.Salt[i] = byte(r.rng.Uint32())
	}
	recipe.Ops = slices.Clone(recipe.Ops)
	for i, op := range recipe.Ops {
		if op.Op == "rekey" && op.Style == "passphrase" && op.Text == d.passphrase {
			recipe.Ops[i].Text += "!" // another one than the device's must be another one
		}
	}
	built, err := construct.Build(recipe, p)
	if err != nil {
		return message{}, err
	}
	d.high = max(d.high, min(seqn, last))
	m := message{from: d, seqn: seqn, msg: built.Msg}
	if len(built.Text) >= telling {
		m.secret = string(built.Text)
	}
	return m, nil
}

// remake makes a test of the suite again, for the device at that number.
func (r *run) remake(id string, d *device, seqn uint64) (message, error) {
	f, known := r.suite.Find(id)
	if !known {
		return message{}, fmt.Errorf("there is no test %s to make again", id)
	}
	switch t := f.Test.(type) {
	case *vectors.EnvelopeTest:
		return r.build(d, seqn, t.Construct)
	case *vectors.PayloadTest:
		return r.build(d, seqn, t.Construct)
	}
	return message{}, fmt.Errorf("%s is neither envelope nor payload", id)
}
