package control

import (
	"context"
	"fmt"
	"net/netip"
)

// MaxSEQN is the largest SEQN there is, so that every language can add one.
const MaxSEQN = 1<<53 - 2

// Provision gives the device its id, its passphrase and the lowest SEQN that it
// may use, and returns the SEQN that it will use. That is higher than next if
// the device has used it up with the same passphrase. All of it is kept in
// flash.
func (c *Client) Provision(ctx context.Context, id, passphrase string, next uint64) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limits == nil {
		return 0, fmt.Errorf("%w: provision", ErrNoHello)
	}
	if err := atMost("provision", "the device id", len(id), c.limits.ID); err != nil {
		return 0, err
	}
	if err := atMost("provision", "the passphrase", len(passphrase), c.limits.Pass); err != nil {
		return 0, err
	}
	if next > MaxSEQN {
		return 0, fmt.Errorf("%w: provision: SEQN %d, at most %d", ErrLimit, next, uint64(MaxSEQN))
	}
	answer, err := c.command(ctx, "provision", bytesArg([]byte(id)), secretArg([]byte(passphrase)), numberArg(next))
	if err != nil {
		return 0, err
	}
	return answer.number("next"), answer.check("provision")
}

// Server tells the device where to post. It forgets it at the next reset.
func (c *Client) Server(ctx context.Context, addr netip.AddrPort) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !addr.Addr().Is4() {
		return fmt.Errorf("%w: server: %v is no IPv4 address and port", ErrLimit, addr)
	}
	_, err := c.command(ctx, "server", arg{text: addr.Addr().String()}, numberArg(uint64(addr.Port())))
	return err
}

// The ways in which a device reaches the backend.
const (
	LinkVirtual = "virtual" // the virtual board's own network
	LinkSerial  = "serial"  // through the console; the host carries
)

// Link chooses how the device reaches the backend, until the next reset.
func (c *Client) Link(ctx context.Context, link string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	answer, err := c.command(ctx, "link", arg{text: link})
	if err != nil {
		return err
	}
	if got := answer.text("link"); answer.err == nil && got != link {
		answer.fail("link", "the link asked for")
	}
	return answer.check("link")
}

// Seal has the device seal a reading, the JSON text data, under a passphrase,
// salt and SEQN that are given and kept nowhere, and returns the text of the
// envelope. Nothing is posted.
func (c *Client) Seal(ctx context.Context, passphrase string, salt [8]byte, seqn uint64, data []byte) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limits == nil {
		return "", fmt.Errorf("%w: seal", ErrNoHello)
	}
	if err := atMost("seal", "the passphrase", len(passphrase), c.limits.Pass); err != nil {
		return "", err
	}
	if err := atMost("seal", "the reading", len(data), c.limits.Data); err != nil {
		return "", err
	}
	answer, err := c.command(ctx, "seal", secretArg([]byte(passphrase)), bytesArg(salt[:]), numberArg(seqn), bytesArg(data))
	if err != nil {
		return "", err
	}
	msg := answer.text("msg")
	return msg, answer.check("seal")
}

// Derive has the device derive key and initialisation vector from a passphrase
// and salt that are given.
func (c *Client) Derive(ctx context.Context, passphrase string, salt [8]byte) (key [32]byte, iv [16]byte, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.limits == nil {
		return key, iv, fmt.Errorf("%w: derive", ErrNoHello)
	}
	if err := atMost("derive", "the passphrase", len(passphrase), c.limits.Pass); err != nil {
		return key, iv, err
	}
	answer, err := c.command(ctx, "derive", secretArg([]byte(passphrase)), bytesArg(salt[:]))
	if err != nil {
		return key, iv, err
	}
	k, v := answer.bytes("key", 32), answer.bytes("iv", 16)
	if err := answer.check("derive"); err != nil {
		return key, iv, err
	}
	return [32]byte(k), [16]byte(v), nil
}

// Seqn returns the SEQN that the device will use next.
func (c *Client) Seqn(ctx context.Context) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seqn(ctx)
}

// Skip makes the device pass over n numbers, for good, and returns the next one.
func (c *Client) Skip(ctx context.Context, n uint64) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.seqn(ctx, arg{text: "+" + numberArg(n).text})
}

func (c *Client) seqn(ctx context.Context, args ...arg) (uint64, error) {
	answer, err := c.command(ctx, "seqn", args...)
	if err != nil {
		return 0, err
	}
	return answer.number("next"), answer.check("seqn")
}

// Digest returns the MD5 of nonce followed by the image as it reads back from
// flash at this moment, and the image's size in bytes.
func (c *Client) Digest(ctx context.Context, nonce []byte) (md5 [16]byte, size int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := atMost("digest", "the nonce", len(nonce), maxNonce); err != nil {
		return md5, 0, err
	}
	answer, err := c.command(ctx, "digest", bytesArg(nonce))
	if err != nil {
		return md5, 0, err
	}
	sum, n := answer.bytes("md5", 16), answer.count("size", 16<<20)
	if err := answer.check("digest"); err != nil {
		return md5, 0, err
	}
	return [16]byte(sum), n, nil
}

// Bench has the device seal {"value":300} n times and returns the CPU cycles
// that it took, all together.
func (c *Client) Bench(ctx context.Context, n int) (cycles uint64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n < 1 {
		return 0, fmt.Errorf("%w: bench: %d times, at least 1", ErrLimit, n)
	}
	answer, err := c.command(ctx, "bench", numberArg(uint64(n)))
	if err != nil {
		return 0, err
	}
	if answer.number("n") != uint64(n) {
		answer.fail("n", "the number asked for")
	}
	cycles = answer.number("cycles")
	if err := answer.check("bench"); err != nil {
		return 0, err
	}
	return cycles, nil
}
