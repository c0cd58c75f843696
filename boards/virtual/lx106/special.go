package lx106

import "fmt"

// Numbers of the special registers (Xtensa ISA, table 5-127, as the LX106 has
// them).
const (
	srSAR          = 3
	srLITBASE      = 5
	srMMID         = 89
	srIBREAKENABLE = 96
	srDDR          = 104
	srIBREAKA0     = 128
	srDBREAKA0     = 144
	srDBREAKC0     = 160
	srCONFIGID0    = 176
	srEPC1         = 177
	srEPC2         = 178
	srEPC3         = 179
	srDEPC         = 192
	srEPS2         = 194
	srEPS3         = 195
	srCONFIGID1    = 208
	srEXCSAVE1     = 209
	srEXCSAVE2     = 210
	srEXCSAVE3     = 211
	srINTERRUPT    = 226 // read; a write is INTSET
	srINTCLEAR     = 227
	srINTENABLE    = 228
	srPS           = 230
	srVECBASE      = 231
	srEXCCAUSE     = 232
	srDEBUGCAUSE   = 233
	srCCOUNT       = 234
	srPRID         = 235
	srICOUNT       = 236
	srICOUNTLEVEL  = 237
	srEXCVADDR     = 238
	srCCOMPARE0    = 240
)

// How a special register can be reached.
const (
	readable = 1 << iota
	writable
	swappable
	all = readable | writable | swappable
)

var specials = [256]uint8{
	srSAR: all, srLITBASE: all, srMMID: writable,
	srIBREAKENABLE: all, srDDR: all, srIBREAKA0: all, srDBREAKA0: all, srDBREAKC0: all,
	srCONFIGID0: readable | writable, srCONFIGID1: readable,
	srEPC1: all, srEPC2: all, srEPC3: all, srDEPC: all, srEPS2: all, srEPS3: all,
	srEXCSAVE1: all, srEXCSAVE2: all, srEXCSAVE3: all,
	srINTERRUPT: readable | writable, srINTCLEAR: writable, srINTENABLE: all,
	srPS: all, srVECBASE: all, srEXCCAUSE: all, srDEBUGCAUSE: all, srCCOUNT: all, srPRID: readable,
	srICOUNT: all, srICOUNTLEVEL: all, srEXCVADDR: all, srCCOMPARE0: all,
}

// allowed returns o if special register n has that access, else opIllegal.
func allowed(n uint32, o op) op {
	if specials[n]>>(o-opRsr)&1 == 0 && !(o == opXsr && specials[n] == all) {
		return opIllegal
	}
	return o
}

// plain returns where a register without side effects lives, nil for others.
func (c *CPU) plain(n uint32) *uint32 {
	switch n {
	case srDDR:
		return &c.DDR
	case srIBREAKA0:
		return &c.IBREAKA0
	case srDBREAKA0:
		return &c.DBREAKA0
	case srICOUNT:
		return &c.ICOUNT
	case srEPC1, srEPC2, srEPC3:
		return &c.EPC[n-srEPC1+1]
	case srEPS2, srEPS3:
		return &c.EPS[n-srEPS2+2]
	case srEXCSAVE1, srEXCSAVE2, srEXCSAVE3:
		return &c.EXCSAVE[n-srEXCSAVE1+1]
	case srDEPC:
		return &c.DEPC
	case srEXCVADDR:
		return &c.EXCVADDR
	case srSAR:
		return &c.SAR
	case srLITBASE:
		return &c.LITBASE
	case srINTENABLE:
		return &c.INTENABLE
	case srPS:
		return &c.PS
	case srVECBASE:
		return &c.VECBASE
	case srEXCCAUSE:
		return &c.EXCCAUSE
	case srCCOMPARE0:
		return &c.CCOMPARE0
	}
	return nil
}

// readSpecial returns what rsr reads.
func (c *CPU) readSpecial(n uint32) (uint32, error) {
	if p := c.plain(n); p != nil {
		return *p, nil
	}
	switch n {
	case srINTERRUPT:
		c.Clocked++
		return c.INTERRUPT | c.Lines, nil
	case srCCOUNT:
		c.Clocked++
		return c.CCOUNT(), nil
	case srDEBUGCAUSE:
		return c.DEBUGCAUSE, nil
	case srCONFIGID0: // of the core's configuration, as its tool chain states them
		return 0xc28cdafa, nil
	case srCONFIGID1:
		return 0x1082b6f6, nil
	case srPRID: // of the one core there is
		return 0, nil
	case srIBREAKENABLE, srDBREAKC0, srICOUNTLEVEL:
		return 0, nil // writeSpecial takes nothing else
	}
	return 0, fmt.Errorf("value of special register %d is not known", n)
}

// Bits that exist in registers narrower than a word.
const (
	sarMask       = 0x3f
	psMask        = 0x3f
	litbaseMask   = 0xfffff001
	exccauseMask  = 0x3f
	interruptMask = 0x7fff
)

// writeSpecial does what wsr does.
func (c *CPU) writeSpecial(n, v uint32) error {
	switch n {
	case srSAR:
		c.SAR = v & sarMask
	case srLITBASE:
		c.LITBASE = v & litbaseMask
	case srPS:
		c.PS = v & psMask
	case srEPS2, srEPS3:
		*c.plain(n) = v & psMask
	case srEXCCAUSE:
		c.EXCCAUSE = v & exccauseMask
	case srVECBASE:
		if v&0xff != 0 {
			return fmt.Errorf("VECBASE 0x%08x is not aligned to the vectors", v)
		}
		c.VECBASE = v
	case srINTENABLE:
		c.INTENABLE = v & interruptMask
	case srINTERRUPT: // INTSET
		c.INTERRUPT |= v & softwareIRQs
	case srINTCLEAR:
		c.INTERRUPT &^= v & (softwareIRQs | edgeIRQs)
	case srCCOUNT:
		c.CCountBias = v - uint32(c.Cycles)
	case srCCOMPARE0:
		c.CCOMPARE0 = v
		c.INTERRUPT &^= 1 << timerIRQ
	case srMMID: // marks a trace, if one is attached
	case srIBREAKENABLE, srDBREAKC0, srICOUNTLEVEL:
		if v != 0 {
			return fmt.Errorf("hardware breakpoints are not modelled: special register %d = 0x%08x", n, v)
		}
	case srDEBUGCAUSE, srCONFIGID0:
		return fmt.Errorf("effect of writing special register %d is not known", n)
	default:
		*c.plain(n) = v
	}
	return nil
}
