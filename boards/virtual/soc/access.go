package soc

// The accessors below are for the mask ROM's emulation. They obey the rules
// that code on the chip obeys: where the chip raises an exception the error is
// a *[Fault], where this project does not know the effect it is another.

// Read32 reads an aligned word.
func (m *Machine) Read32(addr uint32) (uint32, error) { return 0, nil }

// Write32 writes an aligned word.
func (m *Machine) Write32(addr, v uint32) error { return nil }

// Read8 reads a byte.
func (m *Machine) Read8(addr uint32) (byte, error) { return 0, nil }

// Write8 writes a byte.
func (m *Machine) Write8(addr uint32, v byte) error { return nil }

// ReadBytes reads n bytes from addr: by words where addr and n are multiples
// of four, so that IRAM and the flash window can be read, else by bytes.
func (m *Machine) ReadBytes(addr uint32, n int) ([]byte, error) { return nil, nil }

// WriteBytes writes p to addr in the manner of ReadBytes.
func (m *Machine) WriteBytes(addr uint32, p []byte) error { return nil }
