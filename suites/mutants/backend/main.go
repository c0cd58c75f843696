// Command backend is a small backend with one fault planted in it, so that a
// suite can be seen to find that fault. Without a fault it keeps the protocol.
// It takes the reference server's command line and speaks its admin API.
//
//	ESPALIER_FAULT=race backend --listen 127.0.0.1:0 --admin 127.0.0.1:0 --db FILE
//	backend --fault race --listen 127.0.0.1:8080 --device 12FA:swordfish:0
//	backend --list
//
// It says where it listens in one line of JSON. What it keeps is a journal,
// flushed before OK is said; without --db it keeps nothing. A device is
// ID:PASSPHRASE:NEXT; --devices names a JSON file of them. --list names the
// faults, which package mutants describes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	b := newBackend()
	listen := flag.String("listen", "127.0.0.1:0", "address for devices")
	admin := flag.String("admin", "127.0.0.1:0", "address of the admin API")
	db := flag.String("db", "", "journal file; nothing is kept without one")
	name := flag.String("fault", os.Getenv("ESPALIER_FAULT"), "fault to plant, $ESPALIER_FAULT if not given")
	list := flag.Bool("list", false, "name the faults and end")
	var known []provisioning
	flag.Func("device", "a device, ID:PASSPHRASE:NEXT; may be repeated", func(arg string) error {
		p, err := parseDevice(arg)
		known = append(known, p)
		return err
	})
	flag.Func("devices", `a JSON file of devices, {"devices":[{"id":"…","passphrase":"…","next":0}]}`, func(file string) error {
		more, err := readDevices(file)
		known = append(known, more...)
		return err
	})
	flag.Parse()
	if *list {
		fmt.Print(names())
		return
	}
	if *name != "" {
		f, found := find(*name)
		if !found {
			fmt.Fprintf(os.Stderr, "backend: --fault %s: there is none of that name; backend --list names them\n", *name)
			os.Exit(2)
		}
		f.plant(b)
	}
	if err := b.serve(*listen, *admin, *db, known); err != nil {
		fmt.Fprintln(os.Stderr, "backend:", err)
		os.Exit(21)
	}
}

// provisioning is a device that a command line or a file makes known.
type provisioning struct {
	ID         string `json:"id"`
	Passphrase string `json:"passphrase"`
	Next       uint64 `json:"next"`
}

// parseDevice reads ID:PASSPHRASE:NEXT; the first and the last colon separate.
func parseDevice(arg string) (p provisioning, err error) {
	id, rest, _ := strings.Cut(arg, ":")
	last := strings.LastIndexByte(rest, ':')
	if last < 0 {
		return p, errors.New("want ID:PASSPHRASE:NEXT")
	}
	p = provisioning{ID: id, Passphrase: rest[:last]}
	if p.Next, err = strconv.ParseUint(rest[last+1:], 10, 64); err != nil {
		return p, errors.New("want ID:PASSPHRASE:NEXT, where NEXT is a plain number")
	}
	return p, nil
}

func readDevices(file string) ([]provisioning, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var list struct {
		Devices []provisioning `json:"devices"`
	}
	err = json.Unmarshal(text, &list)
	return list.Devices, err
}

// serve serves until SIGTERM.
func (b *backend) serve(listen, admin, db string, known []provisioning) error {
	if err := b.load(db); err != nil {
		return err
	}
	for _, p := range known {
		b.provision(p.ID, p.Passphrase, p.Next)
	}
	data, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	control, err := net.Listen("tcp", admin)
	if err != nil {
		return err
	}
	ready, err := json.Marshal(map[string]any{"ready": true, "listen": data.Addr().String(), "admin": control.Addr().String()})
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", ready)

	servers := []*http.Server{b.server(), {Handler: b.admin()}}
	go servers[0].Serve(data)
	go servers[1].Serve(control)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
	close(b.closing)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err = servers[0].Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = servers[0].Close() // a request that never ends does not keep it
	}
	return errors.Join(err, servers[1].Close(), b.close())
}
