package server_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/server"
)

func TestChildEndsWithItsOwner(t *testing.T) {
	cmd, url := owned(t, server.Process)
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	cmd.Process.Kill()
	cmd.Wait()
	conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.Copy(io.Discard, conn); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Errorf("the server outlived its owner: %v", err)
	}
}
