// Command benchrun measures what the README and the release notes state, in one
// run on one machine, and prints it as a table: the decrypt path beside
// OpenSSL's libcrypto, the speed of the virtual CPU, the size of the image, and
// how long it takes from reset to the first accepted reading.
//
//	go run ./suites/benchrun
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/espalier-hil/espalier/boards/firmware"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "benchrun:", err)
		os.Exit(1)
	}
}

// row is one line of the table.
type row struct{ what, value, bound string }

func run(ctx context.Context) error {
	var rows []row
	for _, s := range suites {
		values, err := s.run(ctx)
		if err != nil {
			return err
		}
		for _, m := range s.metrics {
			v, ok := values[m.bench][m.unit]
			if !ok {
				rows = append(rows, row{m.what, "not run: " + s.needs, m.bound})
				continue
			}
			rows = append(rows, row{m.what, fmt.Sprintf(m.format, v), m.bound})
		}
	}
	first, err := firstReading(ctx)
	if err != nil {
		return err
	}
	rows = append(rows,
		row{"size of the firmware image", fmt.Sprintf("%d bytes", len(firmware.Image)), ""},
		row{fmt.Sprintf("reset to first accepted reading, median of %d", resets), first.Round(100 * time.Microsecond).String(), ""})
	fmt.Printf("| %-58s | %-22s | %-10s |\n|%s|%s|%s|\n", "what", "measured", "goal", dashes(60), dashes(24), dashes(12))
	for _, r := range rows {
		fmt.Printf("| %-58s | %-22s | %-10s |\n", r.what, r.value, r.bound)
	}
	return nil
}

func dashes(n int) string {
	return fmt.Sprintf("%.*s", n, "------------------------------------------------------------")
}
