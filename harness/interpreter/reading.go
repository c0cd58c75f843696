package interpreter

import (
	"context"
	"fmt"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/harness/console"
	"github.com/espalier-hil/espalier/harness/control"
)

// Send has the firmware send a reading: data, if it can be told to, else one of
// its own. What was sent is in the Sending, as far as the firmware says it.
func (i *Interpreter) Send(ctx context.Context, data []byte) (control.Sending, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	verb, args := boards.Send, values{"data": {text: string(data)}}
	account := account{reading: i.board.Speech.Reading}
	if i.board.Lacks(boards.Send) {
		verb, args = boards.Read, nil
	} else {
		account.sent.Data = string(data)
	}
	cursor := i.console.Now()
	if err := i.typed(verb, args); err != nil {
		return control.Sending{}, err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errSilent)
	defer cancel()
	for !account.over {
		item, err := cursor.Expect(ctx, console.Matcher{What: account.expected(), Match: func(item console.Item) bool { return item.Kind == console.Log }})
		if err != nil {
			return control.Sending{}, fmt.Errorf("interpreter: %s: %w", verb, err)
		}
		if err := account.line(item.Text); err != nil {
			return control.Sending{}, fmt.Errorf("interpreter: %s: %w", verb, err)
		}
	}
	return account.sent, nil
}

// account is what the firmware has said so far of a reading that it sends.
type account struct {
	reading boards.Reading
	sent    control.Sending
	begun   bool
	over    bool
}

// expected is what must come next, for the message.
func (a *account) expected() string {
	if !a.begun {
		return fmt.Sprintf("a line like %q, with which a reading begins", a.reading.Begins)
	}
	return fmt.Sprintf("the outcome of reading %d, as %q or %q", a.sent.SEQN, a.reading.Accepted, a.reading.Refused)
}

// line takes in one line of the firmware; one that says nothing of the reading
// is passed over.
func (a *account) line(text string) error {
	if found, ok := a.reading.Begins.Find(text); ok && !a.begun {
		a.begun, a.sent.Attempts = true, 1
		if err := a.begins(found); err != nil {
			return err
		}
	}
	if !a.begun {
		return nil
	}
	if a.reading.Again.Regexp == nil {
		a.sent.Attempts = 0 // it does not say
	} else {
		a.sent.Attempts += len(a.reading.Again.FindAllStringIndex(text, -1))
	}
	for _, o := range []struct {
		means   control.Outcome
		pattern boards.Pattern
	}{
		{control.Accepted, a.reading.Accepted},
		{control.Presumed, a.reading.Presumed},
		{control.Refused, a.reading.Refused},
		{control.Unknown, a.reading.Unknown},
	} {
		if _, ok := o.pattern.Find(text); ok {
			a.sent.Outcome, a.over = o.means, true
			return nil
		}
	}
	return nil
}

func (a *account) begins(found map[string]string) (err error) {
	if a.sent.SEQN, err = number("seqn", found["seqn"], control.MaxSEQN); err != nil {
		return err
	}
	if data, said := found["data"]; said {
		a.sent.Data = data
	}
	if salt, said := found["salt"]; said {
		return unhex("salt", salt, a.sent.Salt[:])
	}
	return nil
}
