// Package boards describes what can be plugged in: the facts of each board,
// one YAML file a board, and the narrow [Port] through which it is spoken to.
package boards

// VirtualOUI is the locally administered MAC prefix that virtual boards carry
// and no manufacturer can own. A board that answers with it is never graded as
// hardware, whatever port it came through.
var VirtualOUI = [3]byte{0x7a, 0xe5, 0x82}
