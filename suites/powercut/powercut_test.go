package powercut_test

import (
	"os"
	"strconv"
	"testing"

	"github.com/espalier-hil/espalier/boards/firmware"
	"github.com/espalier-hil/espalier/suites/powercut"
)

func TestTmp(t *testing.T) {
	seed, _ := strconv.Atoi(os.Getenv("SEED"))
	size := powercut.Some
	switch os.Getenv("SIZE") {
	case "all":
		size = powercut.All
	case "lives":
		size.Lives, size.Cuts, size.Setups = 400, 30, 1000
	}
	n, err := powercut.Explore(t.Context(), powercut.Config{Image: firmware.Image, Seed: uint64(seed), Size: size})
	t.Log(n)
	if err != nil {
		t.Fatal(err)
	}
}
