package lx106_test

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// seedOf returns the seed of the test's random choices, and prints it.
// ESPALIER_SEED repeats a run.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if s := os.Getenv("ESPALIER_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatalf("ESPALIER_SEED: %v", err)
		}
	}
	t.Logf("repeat with ESPALIER_SEED=%d", seed)
	return seed
}
