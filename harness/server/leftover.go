package server

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/moby/moby/client"
)

// The labels by which a container names the process that owns it. One that was
// killed cannot clean up; the next one does it.
const (
	labelHost  = "espalier.owner.host"
	labelPID   = "espalier.owner.pid"
	labelStart = "espalier.owner.start" // tells the owner from a later process with the same pid
)

// staleImage is the age at which an image that no container uses is removed.
// It is far beyond the moment between an image's making and its first use.
const staleImage = 24 * time.Hour

// owner returns the labels of this process.
func owner() map[string]string {
	host, _ := os.Hostname()
	pid := os.Getpid()
	return map[string]string{labelHost: host, labelPID: strconv.Itoa(pid), labelStart: startOf(pid)}
}

// orphaned reports whether labels are those of a process of this machine that
// is gone. Of another machine's there is no telling.
func orphaned(labels map[string]string) bool {
	pid, err := strconv.Atoi(labels[labelPID])
	if err != nil || pid <= 0 || labels[labelHost] != owner()[labelHost] {
		return false
	}
	p, err := os.FindProcess(pid)
	if err != nil || errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone) {
		return true
	}
	return labels[labelStart] != startOf(pid)
}

// startOf returns when a process started, in clock ticks since boot, and the
// boot's id; or the empty string where /proc does not say.
func startOf(pid int) string {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return ""
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	// proc_pid_stat(5): the second field is a name in parentheses, which may
	// hold anything; starttime is the 22nd, so the 20th after the name.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 20 {
		return ""
	}
	return fields[19] + "@" + strings.TrimSpace(string(boot))
}

// sweep removes the containers of dead processes, and old images. What cannot
// be removed now will be tried again by the next run, so errors do not matter.
func (e *engine) sweep(ctx context.Context) {
	list, err := e.client.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: make(client.Filters).Add("label", labelPID)})
	if err != nil {
		return
	}
	for _, c := range list.Items {
		if orphaned(c.Labels) {
			e.client.ContainerRemove(ctx, c.ID, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
		}
	}
	images, err := e.client.ImageList(ctx, client.ImageListOptions{Filters: make(client.Filters).Add("reference", repository)})
	if err != nil {
		return
	}
	for _, image := range images.Items {
		if time.Since(time.Unix(image.Created, 0)) > staleImage {
			e.client.ImageRemove(ctx, image.ID, client.ImageRemoveOptions{PruneChildren: true}) // refused while in use
		}
	}
}
