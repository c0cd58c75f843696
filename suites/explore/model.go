package explore

import "math/big"

// Model is what a backend that is right knows: next of each device, and how many
// numbers were skipped. It counts in integers without an end, so that no width
// of its own can hide one of the backend's.
type Model struct {
	devices []modelled
}

type modelled struct {
	next    *big.Int
	missing *big.Int
	fresh   bool // nothing was accepted yet, so that what is skipped is not missing
}

// last is the largest number that may be accepted, 2^53-2.
var last = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 53), big.NewInt(2))

// NewModel returns the model of devices that begin so.
func NewModel(starts []Start) *Model {
	m := &Model{}
	for _, s := range starts {
		m.devices = append(m.devices, modelled{next: new(big.Int).Set(s.Next), missing: new(big.Int), fresh: s.New})
	}
	return m
}

// Take judges a message that is well made, and returns whether it is accepted.
func (m *Model) Take(device int, number *big.Int) bool {
	d := &m.devices[device]
	if number.Cmp(d.next) < 0 || number.Cmp(last) > 0 {
		return false
	}
	if !d.fresh {
		d.missing.Add(d.missing, new(big.Int).Sub(number, d.next))
	}
	d.fresh = false
	d.next = new(big.Int).Add(number, big.NewInt(1))
	return true
}

// Next returns next of a device.
func (m *Model) Next(device int) *big.Int { return new(big.Int).Set(m.devices[device].next) }

// Missing returns how many numbers of a device were skipped since it was made.
func (m *Model) Missing(device int) *big.Int { return new(big.Int).Set(m.devices[device].missing) }
