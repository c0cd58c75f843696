package oracle

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"testing"
)

// ask starts a program, gives it a line of JSON for each question, and returns
// its answers, of which there must be as many.
func ask[A, Q any](t *testing.T, questions []Q, program string, args ...string) []A {
	t.Helper()
	var in, stderr bytes.Buffer
	enc := json.NewEncoder(&in)
	for _, q := range questions {
		if err := enc.Encode(q); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.CommandContext(t.Context(), program, args...)
	c.Stdin, c.Stderr = &in, &stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", program, args, err, &stderr)
	}
	var answers []A
	for line := range bytes.Lines(out) {
		var a A
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatalf("%s %q answers %.200q: %v", program, args, line, err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(questions) {
		t.Fatalf("%s %q: %d answers to %d questions\n%s", program, args, len(answers), len(questions), &stderr)
	}
	return answers
}
