package server

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// external takes a server that somebody else started, if it answers.
func (s *Server) external(ctx context.Context, config Config) (*Server, error) {
	s.mode, s.why = External, "its URL was given"
	for _, u := range []string{config.URL, config.AdminURL} {
		if _, err := parseURL(u); err != nil && (u != "" || config.URL == "") {
			return nil, fmt.Errorf("%w: %q: %w; give it as http://192.168.1.5:1880", ErrUnreachable, u, err)
		}
	}
	s.at.Store(&address{strings.TrimSuffix(config.URL, "/"), strings.TrimSuffix(config.AdminURL, "/")})
	for _, base := range []string{s.URL(), s.adminURL()} {
		if base == "" {
			continue
		}
		if err := s.healthy(ctx, base); err != nil {
			return nil, fmt.Errorf("%w; is the server running, and reachable from here?", err)
		}
	}
	return s, nil
}

func parseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("no http or https URL")
	}
	return u, nil
}
