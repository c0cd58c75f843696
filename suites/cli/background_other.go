//go:build !unix

package cli

// leaveBackground has nothing to do where shells have no job control.
func leaveBackground() {}
