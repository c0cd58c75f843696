// Package rfc2217 is a serial port over a network: telnet (RFC 854) with the
// Com Port Control Option (RFC 2217), as both ends of a connection need it, and
// a server that gives a serial port away.
//
// A connection carries the port's bytes as they are, except that FF is sent
// twice, and between them commands that begin with a single FF, IAC:
//
//	FF verb option              WILL, WONT, DO, DONT: is an option in use? (RFC 855, RFC 1143)
//	FF FA option … FF F0        subnegotiation: what the option has to say, FF twice
//	FF command                  all others; they mean nothing to a serial port
//
// The option of RFC 2217 says, in its subnegotiations:
//
//	2C | command u8 | value     client to server, the codes below
//	2C | 100+command u8 | value server to client: the answer, with the value in effect
//
// Numbers are big-endian. A value of zero asks for the one in effect.
package rfc2217

import "fmt"

// Telnet's commands (RFC 854).
const (
	SE   byte = 240 // end of a subnegotiation
	SB   byte = 250 // beginning of one
	WILL byte = 251 // I do, or want to
	WONT byte = 252 // I do not, or refuse to
	DO   byte = 253 // you do, or please do
	DONT byte = 254 // you do not, or please stop
	IAC  byte = 255 // a command follows; twice, it is a byte of data
)

// Telnet's options that a serial port needs.
const (
	Binary  byte = 0  // 8 bits, nothing is a line end (RFC 856)
	SGA     byte = 3  // no go-ahead after each turn (RFC 858)
	ComPort byte = 44 // RFC 2217
)

// Command is what a client asks of the port, or tells it (RFC 2217, section 3).
// The server answers with the same and [Answer] added.
type Command byte

// The commands, and their values.
const (
	Signature      Command = 0  // text; empty asks for the other's
	SetBaud        Command = 1  // u32, bits per second
	SetDataSize    Command = 2  // u8, 5 to 8 bits
	SetParity      Command = 3  // u8, 1 none, 2 odd, 3 even, 4 mark, 5 space
	SetStopSize    Command = 4  // u8, 1 one, 2 two, 3 one and a half
	SetControl     Command = 5  // u8, a [Control]
	NotifyLine     Command = 6  // u8, from the server unasked: bits of the line's state
	NotifyModem    Command = 7  // u8, from the server unasked: bits of the modem's state
	Suspend        Command = 8  // nothing: send no more data
	Resume         Command = 9  // nothing: send it again
	SetLineMask    Command = 10 // u8, bits that NotifyLine is wanted for; at first none
	SetModemMask   Command = 11 // u8, bits that NotifyModem is wanted for; at first all
	Purge          Command = 12 // u8, 1 what was received, 2 what is to be sent, 3 both
	Answer         Command = 100
	dataBits8              = 8
	parityNone             = 1
	stopBits1              = 1
	purgeReceived          = 1
	purgeBoth              = 3
	longestPayload         = 1024 // of a subnegotiation that is believed; only a signature has more than four bytes
)

var commandNames = map[Command]string{
	Signature: "SIGNATURE", SetBaud: "SET-BAUDRATE", SetDataSize: "SET-DATASIZE", SetParity: "SET-PARITY",
	SetStopSize: "SET-STOPSIZE", SetControl: "SET-CONTROL", NotifyLine: "NOTIFY-LINESTATE", NotifyModem: "NOTIFY-MODEMSTATE",
	Suspend: "FLOWCONTROL-SUSPEND", Resume: "FLOWCONTROL-RESUME", SetLineMask: "SET-LINESTATE-MASK",
	SetModemMask: "SET-MODEMSTATE-MASK", Purge: "PURGE-DATA",
}

// String returns the name that the RFC has for the command.
func (c Command) String() string {
	if name, ok := commandNames[c]; ok {
		return name
	}
	if name, ok := commandNames[c-Answer]; ok && c >= Answer {
		return "the answer to " + name
	}
	return fmt.Sprintf("command %d", byte(c))
}

// Control is the value of SET-CONTROL. The first of each group asks for what is
// in effect, which is what answers it.
type Control byte

// The controls.
const (
	AskFlow    Control = 0 // outbound, or both ways
	NoFlow     Control = 1
	AskBreak   Control = 4
	BreakOn    Control = 5
	BreakOff   Control = 6
	AskDTR     Control = 7
	DTROn      Control = 8
	DTROff     Control = 9
	AskRTS     Control = 10
	RTSOn      Control = 11
	RTSOff     Control = 12
	AskFlowIn  Control = 13 // inbound
	NoFlowIn   Control = 14
	DCDFlow    Control = 17 // outbound
	DTRFlowIn  Control = 18 // inbound
	DSRFlow    Control = 19 // outbound
	flowBoth   Control = 3  // 1 to 3: none, XON/XOFF, hardware
	flowInLast Control = 16 // 14 to 16: the same, inbound
)
