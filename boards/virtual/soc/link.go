package soc

// LinkBase is where the link device answers.
const LinkBase = 0x6000e000

// Link is the network of a virtual board: one TCP connection at a time,
// driven through registers.
type Link struct{}
