package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/server"
	"github.com/espalier-hil/espalier/harness/server/servertest"
)

// hooked starts a backend with the fault, and returns the URL of a hook that does
// for it what an implementer would have to write.
func hooked(t *testing.T, fault string) (backend *server.Server, hook string) {
	t.Helper()
	t.Setenv("ESPALIER_FAULT", fault)
	s := servertest.Start(t, server.Config{Mode: server.Process, Binary: server.Binary{Path: program(t, "github.com/espalier-hil/espalier/suites/mutants/backend")}})
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Hook, Device, Passphrase string
			Next, From               uint64
		}
		err := json.NewDecoder(r.Body).Decode(&asked)
		switch {
		case err != nil:
		case asked.Hook == "provision":
			err = s.Provision(r.Context(), asked.Device, asked.Passphrase, asked.Next)
		case asked.Hook == "state":
			err = tell(r.Context(), w, s, asked.Device, asked.From)
		case asked.Hook == "restart":
			err = s.Restart(r.Context())
			fmt.Fprintf(w, `{"url": "%s/data"}`, s.URL())
		default:
			err = s.Kill(r.Context())
			fmt.Fprintf(w, `{"url": "%s/data"}`, s.URL())
		}
		if err != nil {
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(h.Close)
	return s, h.URL
}

// tell writes what a server keeps of a device.
func tell(ctx context.Context, w io.Writer, s *server.Server, id string, from uint64) error {
	d, err := s.Device(ctx, id)
	if errors.Is(err, server.ErrNoDevice) {
		fmt.Fprint(w, `{"unknown": true}`)
		return nil
	}
	list, listErr := s.Readings(ctx, id, from, 0)
	fmt.Fprintf(w, `{"next": %d, "missing": %d, "readings": [`, d.Next, d.Missing)
	comma := ""
	for _, r := range list {
		fmt.Fprintf(w, `%s{"seqn": %d, "data": %s}`, comma, r.SEQN, r.Data)
		comma = ","
	}
	fmt.Fprint(w, "]}")
	return errors.Join(err, listErr)
}

// With hooks, durable can be conformed to, and what breaks it is found. They
// stand in a file.
func TestConformHooks(t *testing.T) {
	for fault, tt := range map[string]struct {
		only    string
		code    int
		durable string
		drafted string
	}{
		"":               {"", 0, "durable  conformant", "[]\n"},
		"forgets":        {"^sequence/(restart|in-order)", 1, "durable  nonconformant; broken: SEQ-005 SEQ-012", `- "sequence/restart`},
		"loses-readings": {"^readings/", 1, "durable  nonconformant; broken: SEQ-005", `- "readings/restart"`},
		"buffers":        {"^(sequence|readings)/kill", 1, "durable  nonconformant; broken: RSP-002 SEQ-005 SEQ-012", `- "sequence/kill"`},
	} {
		t.Run("fault="+fault, func(t *testing.T) {
			dir := t.TempDir()
			s, hook := hooked(t, fault)
			config := fmt.Sprintf("url: %s/data\nprofile: [secure, durable]\n", s.URL())
			for _, name := range []string{"provision", "state", "restart", "kill"} {
				config += fmt.Sprintf("hook-%s: %s\n", name, hook)
			}
			if tt.only != "" {
				config += "only: " + tt.only + "\n"
			}
			write(t, dir+"/conform.yaml", config)
			got := finish(t, espalier(t, dir, "conform", "--config", "conform.yaml", "--write-expected", "found.yaml"))
			got.wants(t, tt.code, "are made as they are needed", tt.durable)
			if text := readFile(t, dir+"/found.yaml"); !strings.Contains(text, tt.drafted) {
				t.Error(text)
			}
			if fault == "" {
				return
			}
			moved := s.URL() + "/data" // by the last start
			got = finish(t, espalier(t, dir, "conform", "--config", "conform.yaml", "--url", moved, "--expected", "found.yaml"))
			got.wants(t, 0, "XFAIL")
			got.wants(t, 0, "core     partial") // and is not to blame
			got = finish(t, espalier(t, dir, "conform", "--config", "conform.yaml", "--write-expected", "found.yaml"))
			got.wants(t, 2, "it exists; it would be lost")
		})
	}
}

// Without the hooks durable is partial, and says so; a hook that does not work
// ends the run before anything is sent.
func TestConformWithoutHooks(t *testing.T) {
	dir := t.TempDir()
	url := known(t, dir, "")
	got, _ := conformance(t, dir, url, 6, append(both, "--profile", "durable", "--only", "^sequence/")...)
	got.wants(t, 6, "durable  partial", "NOT RUN: the backend cannot be restarted from here")
	got = finish(t, espalier(t, dir, append([]string{"conform", "--url", url, "--hook-state", "echo no >&2; exit 3"}, both...)...))
	got.wants(t, 4, `hook state: the command "echo no >&2; exit 3": exit status 3; it says "no\n"`)
}
