package cli

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/espalier-hil/espalier/suites/powercut"
)

// A promise that is broken is told with what the board did before, and with the
// command that has it do so again.
func TestSayViolation(t *testing.T) {
	var out strings.Builder
	cmd := &cobra.Command{}
	cmd.SetOut(&out)
	place, err := powercut.ParsePlace("send-3/9")
	if err != nil {
		t.Fatal(err)
	}
	err = sayCuts(cmd, 7, powercut.Count{Cuts: 1}, &powercut.Violation{
		Seed: 7, Place: place, What: "a number is repeated", Last: []string{"power 1 s fails", "flash 1 s program"}, Given: boardWords("my image.bin", "rom.bin"),
	})
	const want = `broken: a number is repeated
  last:  power 1 s fails
         flash 1 s program
  again: espalier powercut --seed 7 --at send-3/9 --image 'my image.bin' --rom rom.bin
`
	if err == nil || !strings.HasSuffix(out.String(), want) {
		t.Errorf("%v, %s", err, out.String())
	}
}
