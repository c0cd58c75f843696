package console

import (
	"regexp"
	"strconv"
)

// Cause is why the chip was reset, as the ROM prints it.
type Cause int

// The causes that a board without deep sleep can have.
const (
	Power    Cause = 1 // the supply came up
	External Cause = 2 // the reset pin
	Software Cause = 3 // asked for; many chips repeat the cause before it instead
	Watchdog Cause = 4 // the hardware watchdog
)

// String names the cause.
func (c Cause) String() string {
	switch c {
	case Power:
		return "power-on"
	case External:
		return "reset pin"
	case Software:
		return "software"
	case Watchdog:
		return "watchdog"
	}
	return "cause " + strconv.Itoa(int(c))
}

// The boot modes that matter, as the straps GPIO15, GPIO0, GPIO2 encode them.
const (
	LoaderBoot = 1 // GPIO0 low: the serial loader
	FlashBoot  = 3 // all as it should be: the program in flash
)

// Boot is the line that the mask ROM prints before anything else:
//
//	" ets Jan  8 2013,rst cause:2, boot mode:(3,6)"
type Boot struct {
	Cause Cause
	Mode  int // GPIO15<<2 | GPIO0<<1 | GPIO2
	SDIO  int // the second digit of the mode, 6 or 7 on the usual boards
}

var bootLine = regexp.MustCompile(`ets [A-Z][a-z]{2} [ 0-9][0-9] [0-9]{4},rst cause:([0-9]{1,3}), boot mode:\(([0-9]{1,3}),([0-9]{1,3})\)`)

// ParseBoot finds the ROM's boot line in a line of log. Anything may stand
// before it: what the chip was sending when it was reset, or noise of the line.
func ParseBoot(line string) (Boot, bool) {
	m := bootLine.FindStringSubmatch(line)
	if m == nil {
		return Boot{}, false
	}
	return Boot{Cause: Cause(atoi(m[1])), Mode: atoi(m[2]), SDIO: atoi(m[3])}, true
}

// Load is what the ROM prints of each segment that it copies from flash.
type Load struct {
	Addr   uint32
	Length int // bytes
}

var loadLine = regexp.MustCompile(`^load 0x([0-9a-f]{8}), len ([0-9]{1,8}), room [0-9]{1,2} ?$`)

// ParseLoad parses "load 0x40100000, len 44, room 16 ".
func ParseLoad(line string) (Load, bool) {
	m := loadLine.FindStringSubmatch(line)
	if m == nil {
		return Load{}, false
	}
	addr, err := strconv.ParseUint(m[1], 16, 32)
	if err != nil {
		return Load{}, false // eight digits, this is unreachable
	}
	return Load{Addr: uint32(addr), Length: atoi(m[2])}, true
}

var sumLine = regexp.MustCompile(`^csum 0x([0-9a-f]{2})$`)

// ParseSum parses "csum 0x12", the checksum of all segments. It is the last
// that the ROM prints before it starts the program, or before "csum err".
func ParseSum(line string) (byte, bool) {
	m := sumLine.FindStringSubmatch(line)
	if m == nil {
		return 0, false
	}
	sum, err := strconv.ParseUint(m[1], 16, 8)
	return byte(sum), err == nil
}

// atoi converts digits that a pattern has let through.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		panic("console: internal error: " + err.Error())
	}
	return n
}
