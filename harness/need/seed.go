package need

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// Seed returns the seed of a test's random choices: the one that ESPALIER_SEED
// names, else another each time. The test says how to repeat it.
func Seed(t testing.TB) uint64 {
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
