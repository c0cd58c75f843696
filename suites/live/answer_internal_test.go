package live

import "testing"

// An answer that repeats a text is found out, however it was written.
func TestRepeats(t *testing.T) {
	const text = `{"data":"<é>","SEQN":1}`
	for answer, want := range map[string]bool{
		text: true, "cannot use " + text: true,
		`{"error":"{\"data\":\"<é>\",\"SEQN\":1}"}`:                true,
		`{"error":"{\"data\":\"\u003cé\u003e\",\"SEQN\":1}"}`:      true,
		`<p>{&#34;data&#34;:&#34;&lt;é&gt;&#34;,&#34;SEQN&#34;:1}`: true,
		`{"status":"NOT OK"}`:                                      false,
		`{"data":"<é>","SEQN":2}`:                                  false,
	} {
		if repeats(answer, text) != want {
			t.Errorf("%s: want %v", answer, want)
		}
	}
}
