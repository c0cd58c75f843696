package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Sentinels of the admin API.
var (
	// ErrNoDevice reports a device that the server does not know.
	ErrNoDevice = errors.New("server: no such device")

	// ErrAdmin reports that the admin API refused, or answered what makes no
	// sense. The error holds status and body.
	ErrAdmin = errors.New("server: admin API")
)

const (
	adminTime = 30 * time.Second // for one request
	maxAnswer = 64 << 20         // bytes of one answer
	pageSize  = 1000             // readings in one answer
)

// Device is what the server keeps of a device.
type Device struct {
	ID       string    `json:"device"`
	Next     uint64    `json:"next"`     // the lowest SEQN that it will still accept
	Accepted uint64    `json:"accepted"` // messages
	Missing  uint64    `json:"missing"`  // sequence numbers that were skipped
	LastSeen time.Time `json:"lastSeen"` // zero if nothing was accepted yet
}

// Reading is an accepted message.
type Reading struct {
	SEQN     uint64          `json:"seqn"`
	Received time.Time       `json:"received"`
	Data     json.RawMessage `json:"data"` // byte for byte as the server returned it
}

// Provision makes id known to the server under passphrase. next is the first
// SEQN that it will accept; it is raised but never lowered where the device is
// known already.
func (s *Server) Provision(ctx context.Context, id, passphrase string, next uint64) error {
	body, err := json.Marshal(map[string]any{"passphrase": passphrase, "next": next})
	if err != nil {
		return fmt.Errorf("server: provision %q: %w", id, err)
	}
	err = s.admin(ctx, http.MethodPut, "/devices/"+url.PathEscape(id), body, nil)
	if err != nil && passphrase != "" && strings.Contains(err.Error(), passphrase) {
		return fmt.Errorf("%w: provision %q: refused; the answer is not shown, since it repeats the passphrase", ErrAdmin, id)
	}
	return err
}

// Device returns what the server keeps of id.
func (s *Server) Device(ctx context.Context, id string) (Device, error) {
	var d Device
	err := s.admin(ctx, http.MethodGet, "/devices/"+url.PathEscape(id), nil, &d)
	return d, err
}

// Readings returns up to limit readings of id with a SEQN of at least from, in
// the order of their SEQN; all of them if limit is 0.
func (s *Server) Readings(ctx context.Context, id string, from uint64, limit int) ([]Reading, error) {
	var all []Reading
	for limit == 0 || len(all) < limit {
		n := pageSize
		if limit > 0 {
			n = min(n, limit-len(all))
		}
		var page struct {
			Readings []Reading `json:"readings"`
			More     bool      `json:"more"`
		}
		path := fmt.Sprintf("/devices/%s/readings?from=%s&limit=%d", url.PathEscape(id), strconv.FormatUint(from, 10), n)
		if err := s.admin(ctx, http.MethodGet, path, nil, &page); err != nil {
			return all, err
		}
		all = append(all, page.Readings...)
		if !page.More || len(page.Readings) == 0 {
			return all, nil
		}
		from = page.Readings[len(page.Readings)-1].SEQN + 1
	}
	return all, nil
}

// admin makes one request to the admin API and decodes its answer into out.
func (s *Server) admin(ctx context.Context, method, path string, body []byte, out any) error {
	base := s.adminURL()
	if base == "" {
		return fmt.Errorf("%w: %s %s: %w: its admin API was not named; give its URL and token", ErrAdmin, method, path, ErrExternal)
	}
	req, err := http.NewRequestWithContext(ctx, method, base+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: %s %s: %w", ErrAdmin, method, path, err)
	}
	req.Header.Set("Authorization", "Bearer "+s.token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("%w: %s %s: %w", ErrUnreachable, method, path, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	switch {
	case err != nil:
		return fmt.Errorf("%w: %s %s: answer broke off: %w", ErrUnreachable, method, path, err)
	case resp.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%w: %s %s: %s", ErrNoDevice, method, path, short(answer))
	case resp.StatusCode/100 != 2:
		return fmt.Errorf("%w: %s %s: %s: %s", ErrAdmin, method, path, resp.Status, short(answer))
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%w: %s %s: %w in %s", ErrAdmin, method, path, err, short(answer))
	}
	return nil
}

// healthy asks base for its health. What is not ours need not know /healthz:
// there, any answer will do.
func (s *Server) healthy(ctx context.Context, base string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("%w: %q: %w", ErrUnreachable, base, err)
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("%w: %s: %w", ErrUnreachable, s.where(), err)
	}
	defer resp.Body.Close()
	if s.seat != nil && resp.StatusCode != http.StatusOK {
		answer, _ := io.ReadAll(io.LimitReader(resp.Body, maxLine))
		return fmt.Errorf("%w: %s: GET %s/healthz: %s: %s", ErrUnreachable, s.where(), base, resp.Status, short(answer))
	}
	return nil
}

// short returns an answer as it stands in an error.
func short(answer []byte) string {
	const most = 200
	if len(answer) > most {
		return fmt.Sprintf("%q … (%d bytes)", answer[:most], len(answer))
	}
	return fmt.Sprintf("%q", answer)
}
