package live

import (
	"context"
	"slices"

	"github.com/espalier-hil/espalier/vectors"
)

// native is a test that stands in no file of vectors, since its messages are
// made as it goes. Its id is for ever, too.
type native struct {
	vectors.Case
	run func(*run, context.Context) error
}

// natives is every native test, in the order in which they are run.
var natives = slices.Concat(
	random,
	neck,
	forgeries,
	resyncs,
	readings,
)

// Natives returns what is known of the native tests before they are run.
func Natives() (list []vectors.Case) {
	for _, n := range natives {
		list = append(list, n.Case)
	}
	return list
}
