package construct

import "testing"

// What lenient decoders of base64 read each in a way of their own does not
// survive.
func TestSurvives(t *testing.T) {
	for text, want := range map[string]bool{
		"YSh4\x7f\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e": true,
		"YSh4\x7f\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c=":    false, // some end there
		"YSh4\x7f\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c-":    false, // some take it for +
		"YSh4\x7f\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0cA":    false, // no whole group
		"YSh4\x7f\x01\x02\x03\x04\x05\x06\x07\x08\x0b\xc3\x84": true,  // Ä is no base64 to anybody
		"YSh4\x7f\x01\x02\x03\x04\x05\x06\x07\x08\xe8\x81\x89": false, // U+8049, whose low byte is I
		"YSh4\x7f\x01\x02\x03\x04\x05\x06\x07\x08\xe8\x81":     false, // no UTF-8
		"YSh4\x7f\x01\x02\x03\xc3\x84\xc3\x84\xc3\x84\xc3\x84": false, // twelve characters
		"YSh4YSh4YSh4YSh4": false, // base64 as it should be
	} {
		if got := survives([]byte(text)); got != want {
			t.Errorf("%q survives: %t", text, got)
		}
	}
}
