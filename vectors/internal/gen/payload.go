package main

import (
	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/internal/gen/payload"
)

// payloads returns the texts that are sealed in well-made envelopes.
func payloads() (*vectors.File, error) {
	groups, notes, err := payload.Groups(core)
	if err != nil {
		return nil, err
	}
	return frame("payload", []string{
		"Texts as they were sealed, read by a backend whose next is the group's.",
		"data is compared byte for byte in strict profiles, by its value in others.",
	}, notes, groups...), nil
}
