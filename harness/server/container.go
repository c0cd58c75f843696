package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"strconv"

	"github.com/moby/moby/api/pkg/stdcopy"
	dockercontainer "github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
	"github.com/testcontainers/testcontainers-go"
)

// Where the server listens inside its container. Outside, the engine picks
// ports, and picks others when the container is started again.
const (
	dataPort  = "1880/tcp"
	adminPort = "1881/tcp"
)

// container is a seat: a container from an image that holds nothing but the
// server. Its database lies in a volume of the container's own, which outlives
// a stop and a kill, and goes with the container.
type container struct {
	engine *engine
	ctr    testcontainers.Container
	image  string // digest
}

func newContainer(ctx context.Context, config Config) (*container, error) {
	e, err := findEngine(ctx)
	if err != nil {
		return nil, err
	}
	binary := config.Binary
	if binary.Path == "" {
		if binary, err = FindStatic(ctx, e.arch); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDocker, err)
		}
	} else if !Static(binary.Path) {
		return nil, fmt.Errorf("%w: %s is no static Linux program, and the image holds nothing else; build it with CGO_ENABLED=0", ErrDocker, binary.Path)
	}
	e.sweep(ctx)
	ref, err := e.ensureImage(ctx, binary.Path)
	if err != nil {
		return nil, err
	}
	ctr, err := e.provider.CreateContainer(ctx, testcontainers.ContainerRequest{
		Image:        ref,
		Cmd:          arguments(binary, "0.0.0.0:"+dataPort[:4], "0.0.0.0:"+adminPort[:4], "/data/espalier.db", config.Args),
		Env:          map[string]string{tokenVariable: config.Token},
		ExposedPorts: []string{dataPort, adminPort},
		Labels:       maps.Clone(owner()),
		HostConfigModifier: func(h *dockercontainer.HostConfig) {
			anyPort := []network.PortBinding{{HostIP: e.bind}}
			h.PortBindings = network.PortMap{network.MustParsePort(dataPort): anyPort, network.MustParsePort(adminPort): anyPort}
			h.CapDrop = []string{"ALL"}
			h.SecurityOpt = []string{"no-new-privileges"}
		},
	})
	c := &container{engine: e, ctr: ctr}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: create one on %v: %w", ErrDocker, e, err), c.remove(ctx))
	}
	state, err := ctr.Inspect(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: inspect %v: %w", ErrDocker, c, err), c.remove(ctx))
	}
	c.image = state.Image
	return c, nil
}

// String names the container in errors.
func (c *container) String() string {
	return fmt.Sprintf("container %.12s on %v", c.ctr.GetContainerID(), c.engine)
}

func (c *container) start(ctx context.Context, j *journal) (*life, error) {
	// Attached before it starts: thus the first word is heard, and the end is.
	out, err := c.engine.client.ContainerAttach(ctx, c.ctr.GetContainerID(), client.ContainerAttachOptions{Stream: true, Stdout: true, Stderr: true})
	if err != nil {
		return nil, fmt.Errorf("%w: attach to %v: %w", ErrDocker, c, err)
	}
	l := newLife()
	stdout, toStdout := io.Pipe()
	stderr, toStderr := io.Pipe()
	go j.followStdout(stdout, l)
	go j.follow(stderr)
	go func() {
		stdcopy.StdCopy(toStdout, toStderr, out.Reader)
		toStdout.Close()
		toStderr.Close()
		out.Close()
		l.end(c.exit())
	}()
	if err := c.ctr.Start(ctx); err != nil {
		out.Close()
		return nil, fmt.Errorf("%w: start %v: %w", ErrDocker, c, err)
	}
	return l, nil
}

// exit waits until the engine knows that the container has stopped, and says
// how.
func (c *container) exit() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTime)
	defer cancel()
	w := c.engine.client.ContainerWait(ctx, c.ctr.GetContainerID(), client.ContainerWaitOptions{Condition: dockercontainer.WaitConditionNotRunning})
	select {
	case end := <-w.Result:
		return fmt.Errorf("exit status %d", end.StatusCode)
	case err := <-w.Error:
		return err
	}
}

func (c *container) end(ctx context.Context, l *life, kill bool) error {
	var err error
	if !kill {
		grace := stopTime // then the engine kills it
		err = c.ctr.Stop(ctx, &grace)
	}
	// Who has no patience left still wants it gone.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if kill || err != nil {
		_, err = c.engine.client.ContainerKill(ctx, c.ctr.GetContainerID(), client.ContainerKillOptions{Signal: "SIGKILL"})
	}
	if err != nil {
		select {
		case <-l.ended: // it had ended before
			return nil
		default:
			return err
		}
	}
	select {
	case <-l.ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%v outlived SIGKILL by %v", c, stopTime)
	}
}

// reach implements seat: the engine knows the ports; what the server says of
// them is true inside the container only.
func (c *container) reach(ctx context.Context, _ address) (*address, error) {
	var at address
	for port, addr := range map[string]*string{dataPort: &at.data, adminPort: &at.admin} {
		p, err := c.ctr.MappedPort(ctx, port)
		if err != nil {
			return nil, fmt.Errorf("%w: %v: %w", ErrUnreachable, c, err)
		}
		*addr = net.JoinHostPort(c.engine.host, strconv.Itoa(int(p.Num())))
	}
	return &at, nil
}

func (c *container) remove(ctx context.Context) error {
	if c.ctr == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	_, err := c.engine.client.ContainerRemove(ctx, c.ctr.GetContainerID(), client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
	if err != nil {
		return fmt.Errorf("server: remove %v: %w", c, err)
	}
	return nil
}
