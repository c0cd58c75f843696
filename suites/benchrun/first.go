package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/espalier-hil/espalier/boards"
	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/harness/control"
	"github.com/espalier-hil/espalier/harness/rig"
	"github.com/espalier-hil/espalier/harness/server"
)

// resets is how often the way to the first reading is measured.
const resets = 15

// firstReading returns the median time from the pin that resets a virtual board
// to its first reading accepted by a server that runs as a process: boot log,
// HELLO, server address, link, seal, post, stored.
func firstReading(ctx context.Context) (time.Duration, error) {
	desc, err := boards.Lookup("virtual")
	if err != nil {
		return 0, err
	}
	r, err := rig.Open(ctx, rig.Config{
		Board: desc, Port: "virtual:", Image: firmware.Image, Server: server.Config{Mode: server.Process},
		Identity: rig.Identity{ID: "12FA", Passphrase: "2B7E151628AED2A6ABF7158809CF4F3C"},
	})
	if err != nil {
		return 0, err
	}
	defer r.Close(ctx)
	var took []time.Duration
	for range resets {
		began := time.Now()
		if _, err := r.Reset(ctx); err != nil {
			return 0, err
		}
		sent, err := r.Device.Send(ctx, []byte(`{"value":300}`))
		if err != nil {
			return 0, err
		}
		if sent.Outcome != control.Accepted {
			return 0, fmt.Errorf("SEQN %d was %s", sent.SEQN, sent.Outcome)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[len(took)/2], nil
}
