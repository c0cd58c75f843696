package soak

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/boards/virtual"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/impair"
	"github.com/espalier-hil/espalier/harness/report"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/wire"
	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// forgeries are replies of somebody else, none of which is an acceptance.
var forgeries = []string{
	"HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{\"status\":\"NOT OK\"}",
	"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"Status\":\"OK\"}",
	"HTTP/1.1 500 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"OK\"}",
	"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":",
	"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nOK",
	"HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + strings.Repeat("[", 40000),
	"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n",
	"\x00\xff\x00\xff\r\n\r\n",
	"OK",
	"",
}

// rigBench does steps on a rig.
type rigBench struct {
	rig     *rig.Rig
	id      rig.Identity
	seen    int             // exchanges that were looked at
	history []wire.Exchange // the last messages of the device, to be sent again
}

// On returns a bench that works on a rig. Each fresh device takes the place of the
// one before, on the board and with the backend.
func On(r *rig.Rig) Bench { return &rigBench{rig: r} }

// Fresh implements [Bench].
func (b *rigBench) Fresh(ctx context.Context) error {
	id := rig.Identity{ID: "soak-" + strings.ToLower(rand.Text()[:10]), Passphrase: rand.Text()}
	if b.rig.Virtual() != nil {
		b.rig.Virtual().Cut(virtual.Cut{})
		b.rig.Virtual().PowerOn()
	}
	b.rig.Wire.Forget()
	b.rig.Wire.Release()
	if _, err := b.rig.Reset(ctx); err != nil {
		return err
	}
	if err := b.rig.Server.Provision(ctx, id.ID, id.Passphrase, 0); err != nil {
		return err
	}
	if _, err := b.rig.Device.Provision(ctx, id.ID, id.Passphrase, 0); err != nil {
		return err
	}
	b.id, b.history = id, nil
	_, err := b.Passed() // what was before is nobody's
	return err
}

// Do implements [Bench].
func (b *rigBench) Do(ctx context.Context, step Step, data string) (Report, error) {
	switch step.Act {
	case Send:
		return b.send(ctx, data)
	case Reset:
		if _, err := b.rig.Device.Seqn(ctx); err != nil { // a reset forgives: it is asked for a word before
			return Report{}, blame(ctx, err)
		}
		return b.back(ctx, Report{Breaks: 1})
	case Cut:
		return b.cut(ctx, step.N, data)
	case DropRequest:
		b.rig.Wire.Plan(wire.Mishap{Fault: wire.DropRequest, Hasty: true})
		return b.send(ctx, data)
	case DropReply:
		b.rig.Wire.Plan(wire.Mishap{Fault: wire.DropReply, Hasty: true})
		return b.send(ctx, data)
	case Forge:
		b.rig.Wire.Answer([]byte(forgeries[step.N%uint64(len(forgeries))]))
		return b.send(ctx, data)
	case Impair:
		return b.impair(ctx, step.N, data)
	case Replay:
		return b.again(ctx, step.N)
	case Restart:
		return Report{}, b.rig.Server.Restart(ctx)
	}
	return Report{}, b.rig.Server.Kill(ctx)
}

// send has the device send a reading.
func (b *rigBench) send(ctx context.Context, data string) (Report, error) {
	sent, err := b.rig.Device.Send(ctx, []byte(data))
	if err != nil {
		return Report{}, blame(ctx, err)
	}
	return Report{Sent: true, SEQN: sent.SEQN, Outcome: string(sent.Outcome)}, nil
}

// blame returns err as the failure of a device that crashed, refuses to go on or
// does not answer as it should. Others are the bench's own.
func blame(ctx context.Context, err error) error {
	var refusal *control.Refusal
	switch class := rig.Classify(report.Nonconformant, err); {
	case ctx.Err() != nil:
		return err
	case errors.As(err, &refusal):
		return &Failure{Req: "REQ-DEV-002", Why: fmt.Sprintf("the device does not send any more: %v", err), Err: err}
	case class == report.Crash:
		return &Failure{Why: err.Error(), Err: err}
	case class == report.Nonconformant:
		return &Failure{Req: "REQ-DEV-003", Why: fmt.Sprintf("the device does not say what became of it: %v", err), Err: err}
	}
	return err
}

// impair has the device send a reading through a network that fails.
func (b *rigBench) impair(ctx context.Context, seed uint64, data string) (Report, error) {
	b.rig.Wire.Plan(impair.Draw(seed, b.rig.Unheard()...)...)
	r, err := b.send(ctx, data)
	b.rig.Wire.Forget()
	b.rig.Wire.Release() // what is late arrives before anybody looks
	if err != nil {
		return r, err
	}
	if _, err := b.rig.Wire.Quiet(ctx); err != nil {
		return r, err
	}
	for _, x := range b.rig.Wire.After(b.seen) {
		garbled := !x.Replay && x.Fault == wire.CorruptReply
		r.Garbled = r.Garbled || garbled
		r.Altered = r.Altered || garbled || !x.Replay && x.Fault == wire.CorruptRequest
	}
	return r, nil
}

// cut has the supply fail in a send: in pulse n of the flash, or, where the board
// is none of ours, at some moment of it.
func (b *rigBench) cut(ctx context.Context, n uint64, data string) (Report, error) {
	doing, abandon := context.WithCancel(ctx)
	defer abandon()
	type account struct {
		Report
		err error
	}
	told := make(chan account, 1)
	board := b.rig.Virtual()
	if board != nil {
		board.Cut(virtual.Cut{After: n, Of: virtual.Pulses, Seed: n})
	}
	go func() {
		r, err := b.send(doing, data)
		told <- account{r, err}
	}()
	if board == nil {
		select {
		case a := <-told:
			told <- a
		case <-time.After(time.Duration(n) * time.Millisecond):
		}
		abandon()
	}
	over := time.NewTicker(time.Millisecond)
	defer over.Stop()
	for {
		select {
		case a := <-told:
			if board != nil {
				board.Cut(virtual.Cut{})
			}
			var died *Failure
			if a.err == nil || errors.As(a.err, &died) {
				if board == nil || board.Powered() {
					return a.Report, a.err // it was over before
				}
			}
			a.Breaks = 1
			return b.back(ctx, a.Report)
		case <-over.C:
			if board != nil && !board.Powered() {
				abandon()
			}
		}
	}
}

// back brings the board back after it lost its supply or was reset.
func (b *rigBench) back(ctx context.Context, r Report) (Report, error) {
	if b.rig.Virtual() != nil {
		b.rig.Virtual().PowerOn()
	}
	_, err := b.rig.Reset(ctx)
	if err != nil && ctx.Err() == nil {
		r.Dead = err.Error()
		return r, nil
	}
	return r, err
}

// again sends a message again that has passed before.
func (b *rigBench) again(ctx context.Context, n uint64) (Report, error) {
	if len(b.history) == 0 {
		return Report{}, nil
	}
	x, err := b.rig.Wire.Replay(ctx, b.history[n%uint64(len(b.history))].Request)
	if err != nil {
		return Report{}, err
	}
	return Report{Accepted: x.Status == 200 && strings.Contains(string(x.ReplyBody()), `"OK"`)}, nil
}

// kept is how many messages are kept to be sent again.
const kept = 200

// Passed implements [Bench].
func (b *rigBench) Passed() (list []Passed, err error) {
	for _, x := range b.rig.Wire.After(b.seen) {
		b.seen = x.N
		if x.Replay || x.Msg == "" || !strings.HasSuffix(x.Path, "/"+b.id.ID) {
			continue
		}
		r, err := envelope.Open(b.id.Passphrase, x.Msg)
		if err != nil {
			return nil, &Failure{Req: "REQ-ENV-001", Why: fmt.Sprintf("the device sends what does not open: %v", err)}
		}
		list = append(list, Passed{SEQN: r.SEQN, Data: string(r.Data), Msg: x.Msg})
		if x.Fault == wire.None && x.Err == nil && !x.Truncated { // the backend has it
			b.history = append(b.history, x)
			b.history = b.history[max(0, len(b.history)-kept):]
		}
	}
	return list, nil
}

// Stored implements [Bench].
func (b *rigBench) Stored(ctx context.Context, from uint64) (list []Stored, err error) {
	readings, err := b.rig.Server.Readings(ctx, b.id.ID, from, 0)
	for _, r := range readings {
		list = append(list, Stored{r.SEQN, string(r.Data)})
	}
	return list, err
}
