package lx106

type inst struct {
	op, len, r, s, t uint8
	imm              int32
}
