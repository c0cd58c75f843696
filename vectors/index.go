package vectors

// Index is SUITE.json: the versions, and what belongs to the suite.
type Index struct {
	Schema         string       `json:"schema"`
	FormatVersion  string       `json:"formatVersion"`
	SpecVersion    string       `json:"specVersion"`
	VectorsVersion string       `json:"vectorsVersion"`
	NumberOfTests  int          `json:"numberOfTests"` // poison not counted
	Files          []IndexEntry `json:"files"`
}

// IndexEntry is one file of the suite.
type IndexEntry struct {
	Path          string `json:"path"`
	SHA256        string `json:"sha256"`                  // of its bytes, in hex
	NumberOfTests int    `json:"numberOfTests,omitempty"` // files of tests only
}
