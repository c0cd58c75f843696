//go:build !race

package powercut

// Here is what this build explores where nobody says otherwise.
var Here = All
