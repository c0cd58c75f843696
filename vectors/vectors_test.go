package vectors_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/vectors"
)

func TestRequirements(t *testing.T) {
	reg, err := vectors.Requirements()
	if err != nil {
		t.Fatal(err)
	}
	if r := reg["REQ-SEQ-001"]; r.Level() != "MUST" || r.Text == "" {
		t.Errorf("REQ-SEQ-001 = %+v", r)
	}
}

func TestLevelsInWords(t *testing.T) {
	for want, levels := range map[string]map[string]string{
		"MUST":                              {"core": "MUST", "strict": "MUST", "secure": "MUST", "durable": "MUST"},
		"SHOULD, MUST in strict and secure": {"core": "SHOULD", "strict": "MUST", "secure": "MUST", "durable": "SHOULD"},
		"MUST in durable":                   {"durable": "MUST"},
		"SHOULD in strict":                  {"strict": "SHOULD", "secure": "SHOULD"},
	} {
		if got := (vectors.Requirement{Levels: levels}).InWords(); got != want {
			t.Errorf("%v: %q, want %q", levels, got, want)
		}
	}
	if got := (vectors.Requirement{Levels: map[string]string{"device": "MUST"}}).InWords(); got != "MUST" {
		t.Errorf("a device: %q", got)
	}
}

const one = `{"schema":"requirements.v1.schema.json","requirements":[{"id":"REQ-SEQ-001","levels":{"core":"MUST"},"text":"t","section":"3.3","since":"1.0.0","status":"active","observe":["blackbox"]}]}`

func TestParseRegisterRefuses(t *testing.T) {
	if _, err := vectors.ParseRegister([]byte(one)); err != nil {
		t.Fatalf("the good one: %v", err)
	}
	entry := one[strings.Index(one, "[{")+1 : len(one)-2]
	for _, tt := range []struct{ name, old, new string }{
		{"an id of another form", "REQ-SEQ-001", "SEQ-1"},
		{"an unknown level", "MUST", "OUGHT"},
		{"an unknown profile", "core", "kern"},
		{"an unknown field", `"text"`, `"txt"`},
		{"no text", `"text":"t"`, `"text":""`},
		{"a repeated id", entry, entry + "," + entry},
		{"nothing", entry, ""},
		{"a second document", one, one + "{}"},
	} {
		if _, err := vectors.ParseRegister([]byte(strings.Replace(one, tt.old, tt.new, 1))); !errors.Is(err, vectors.ErrRegister) {
			t.Errorf("%s: %v, want ErrRegister", tt.name, err)
		}
	}
}
