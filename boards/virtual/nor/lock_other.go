//go:build !unix || aix || solaris

package nor

import "os"

// lock leaves it to the user that a file has one board only.
func lock(*os.File) error { return nil }
