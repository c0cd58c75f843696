package report

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Conclusion is what the report.json of any kind says of its run as a whole.
type Conclusion struct {
	Code    Code
	Meaning string // of the code, in a word or two
	SHA256  string // of the run alone, as JSON without white space
}

// Conclude returns the conclusion of a run, of whatever kind, that ends with
// code. The digest is that of the run as a reader has it, who finds the
// replacement character in the place of what is no UTF-8.
func Conclude[Run any](run *Run, code Code) (Conclusion, error) {
	p, err := json.Marshal(run)
	if err != nil {
		return Conclusion{}, fmt.Errorf("report: %w", err)
	}
	var read Run
	if err = json.Unmarshal(p, &read); err == nil {
		p, err = json.Marshal(read)
	}
	if err != nil {
		return Conclusion{}, fmt.Errorf("report: %w", err)
	}
	sum := sha256.Sum256(p)
	return Conclusion{code, code.String(), hex.EncodeToString(sum[:])}, nil
}

// Against says, a line for each, what is wrong where a report says c and again
// follows from its run. A digest is no signature: whoever changes the results can
// compute all of this anew.
func (c Conclusion) Against(again Conclusion) (wrong []string) {
	if again.SHA256 != c.SHA256 {
		wrong = append(wrong, fmt.Sprintf("the observations are not those that were written: their SHA-256 is %s, and the report says %s", again.SHA256, c.SHA256))
	}
	if again.Code != c.Code || again.Meaning != c.Meaning {
		wrong = append(wrong, fmt.Sprintf("the exit code should be %d (%s), and the report says %d (%s)", again.Code, again.Meaning, c.Code, c.Meaning))
	}
	return wrong
}
