//go:build race

package powercut

// Here is what this build explores where nobody says otherwise: under the race
// detector a board takes some ten times as long.
var Here = Some
