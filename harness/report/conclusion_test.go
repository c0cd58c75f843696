package report_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/report"
)

// The digest is of the run's JSON without white space, as a reader has it.
func TestConclude(t *testing.T) {
	run := struct {
		Says string `json:"says"`
		None string `json:"-"`
	}{"a\xffb", "never written"}
	c, err := report.Conclude(&run, report.CodePartial)
	want := fmt.Sprintf("%x", sha256.Sum256([]byte("{\"says\":\"a\ufffdb\"}")))
	if err != nil || c != (report.Conclusion{Code: 6, Meaning: "partial", SHA256: want}) {
		t.Errorf("%+v, %v; want the digest %s", c, err, want)
	}
	var never struct{ C chan int }
	if _, err := report.Conclude(&never, report.CodeOK); err == nil {
		t.Error("what is no JSON has a digest")
	}
}

// What a report says otherwise is named, each thing for itself.
func TestConclusionAgainst(t *testing.T) {
	again := report.Conclusion{Code: 1, Meaning: "nonconformant", SHA256: "11"}
	for _, tt := range []struct {
		said report.Conclusion
		says []string
	}{
		{again, nil},
		{report.Conclusion{Code: 0, Meaning: "nonconformant", SHA256: "11"}, []string{"should be 1 (nonconformant), and the report says 0 (nonconformant)"}},
		{report.Conclusion{Code: 1, Meaning: "fine", SHA256: "11"}, []string{"and the report says 1 (fine)"}},
		{report.Conclusion{Code: 1, Meaning: "nonconformant", SHA256: "22"}, []string{"their SHA-256 is 11, and the report says 22"}},
		{report.Conclusion{}, []string{"SHA-256 is 11", "says 0 ()"}},
	} {
		wrong := tt.said.Against(again)
		if len(wrong) != len(tt.says) {
			t.Errorf("%+v: %q, want %q", tt.said, wrong, tt.says)
			continue
		}
		for i, says := range tt.says {
			if !strings.Contains(wrong[i], says) {
				t.Errorf("%+v: %q, want %q", tt.said, wrong[i], says)
			}
		}
	}
}
