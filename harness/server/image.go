package server

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed" // for the Dockerfile
	"encoding/hex"
	"fmt"
	"os"

	"github.com/testcontainers/testcontainers-go"
)

// dockerfile is a copy of reference-server/Dockerfile, which a package may not
// embed from outside its folder. A test compares them.
//
//go:embed Dockerfile
var dockerfile []byte

// repository names the images made here. Their tags are digests of what went
// into them, so an image that is there already need not be built again.
const repository = "espalier-server"

// nonroot is the user and group as whom the server runs; the Dockerfile's.
const nonroot = 65532

// buildContext returns what the image is built from, as a tar archive made in
// memory, and its digest. Nothing in it depends on the time.
func buildContext(binary string) (archive []byte, digest string, err error) {
	program, err := os.ReadFile(binary)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrBinary, err)
	}
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	add := func(h tar.Header, body []byte) {
		h.Size = int64(len(body))
		if err == nil {
			err = w.WriteHeader(&h)
		}
		if err == nil {
			_, err = w.Write(body)
		}
	}
	add(tar.Header{Name: "Dockerfile", Mode: 0o644}, dockerfile)
	add(tar.Header{Name: "server", Mode: 0o755}, program)
	add(tar.Header{Name: "data/", Mode: 0o700, Typeflag: tar.TypeDir, Uid: nonroot, Gid: nonroot}, nil)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, "", fmt.Errorf("server: image of %s: %w", binary, err)
	}
	sum := sha256.Sum256(buf.Bytes())
	return buf.Bytes(), hex.EncodeToString(sum[:]), nil
}

// ensureImage returns the reference of an image with the program in it, which
// it builds unless the engine has it.
func (e *engine) ensureImage(ctx context.Context, binary string) (string, error) {
	archive, digest, err := buildContext(binary)
	if err != nil {
		return "", err
	}
	tag := digest[:16]
	ref := repository + ":" + tag
	if _, err := e.client.ImageInspect(ctx, ref); err == nil {
		return ref, nil
	}
	var said bytes.Buffer
	_, err = e.provider.BuildImage(ctx, &testcontainers.ContainerRequest{FromDockerfile: testcontainers.FromDockerfile{
		ContextArchive: bytes.NewReader(archive),
		Repo:           repository,
		Tag:            tag,
		BuildLogWriter: &said,
	}})
	if err != nil {
		return "", fmt.Errorf("%w: build an image on %v: %w; it said %s", ErrDocker, e, err, short(said.Bytes()))
	}
	return ref, nil
}
