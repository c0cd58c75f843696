// Package vectors holds the data that says what is right, for consumers in any
// language, and reads it strictly for those in Go: the register of
// requirements, one file of tests for each type of test, the dialects that
// wrong answers betray, and the schemas of all of these.
//
//	suite, err := vectors.All()
//	for group, test := range vectors.Of[*vectors.EnvelopeTest](suite) { … }
//
// README.md documents the format so that nobody needs this package. Ids are
// API: they are never removed and never reused. The data is dedicated to the
// public domain (CC0-1.0, see LICENSE beside it).
package vectors

import "embed"

// The three versions that every file states. A runner that does not know the
// format refuses the file.
const (
	// Format is the version of the files' shape; schemas carry it in their names.
	Format = "1"

	// Spec is the version of PROTOCOL.md that the expectations follow.
	Spec = "1.0"

	// Version is the version of the data: a patch changes texts, a minor adds
	// tests, a major changes what a test expects.
	Version = "1.0.0"
)

// Files holds the data as it lies in this folder.
//
//go:embed *.json schema/*.json
var Files embed.FS
