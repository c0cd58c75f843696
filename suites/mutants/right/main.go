// Command right is a backend that keeps the protocol, in one of several ways
// that differ in whatever the protocol leaves open. A suite that finds fault
// with one of them, in a profile that package mutants says it conforms to, is
// wrong.
//
//	right --kind table|sqlite|log|actor --listen 127.0.0.1:0 --admin 127.0.0.1:0 --db FILE [--device ID:PASSPHRASE:NEXT]
//	right --list
//
// It takes the reference server's command line and speaks its admin API. None
// knows resync, which is optional.
package main

import (
	"context"
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

// kind is a way to be right.
type kind interface {
	provision(id, passphrase string, next uint64) error
	device(id string) (d device, readings []reading, known bool)
	accept(id, msg string) error // nil, or why it is refused
	refuse(w http.ResponseWriter, why error)
	close() error
}

// kinds opens each kind over a file of its own.
var kinds = map[string]func(file string) (kind, error){
	"table":  func(string) (kind, error) { return &table{devices: map[string]*row{}}, nil },
	"actor":  func(string) (kind, error) { return &stage{actors: map[string]actor{}}, nil },
	"sqlite": openSQLite,
	"log":    openLog,
}

// device is what the admin API shows of a device.
type device struct {
	ID         string `json:"device"`
	Next       uint64 `json:"next"`
	Accepted   uint64 `json:"accepted"`
	Missing    uint64 `json:"missing"`
	passphrase string
}

// take moves a device past a number that it may have.
func (d *device) take(n uint64) {
	if d.Accepted > 0 {
		d.Missing += n - d.Next
	}
	d.Accepted++
	d.Next = n + 1
}

type reading struct {
	SEQN     uint64
	Received time.Time
	Data     []byte // JSON as it came, which encoding/json would write anew
}

// Reasons to refuse a message.
var (
	errBody     = errors.New("right: body holds no message")
	errUnknown  = errors.New("right: unknown device")
	errEnvelope = errors.New("right: does not open")
	errReading  = errors.New("right: is no reading")
	errReplayed = errors.New("right: number is behind")
	errFar      = errors.New("right: number is too far ahead")
)

func main() {
	name := flag.String("kind", "sqlite", "table, sqlite, log or actor")
	listen := flag.String("listen", "127.0.0.1:0", "address for devices")
	admin := flag.String("admin", "127.0.0.1:0", "address of the admin API")
	file := flag.String("db", "", "file for those that keep one")
	list := flag.Bool("list", false, "name the kinds and end")
	var known []string
	flag.Func("device", "a device, ID:PASSPHRASE:NEXT; may be repeated", func(arg string) error {
		known = append(known, arg)
		return nil
	})
	flag.Parse()
	if *list {
		for kind := range kinds {
			fmt.Println(kind)
		}
		return
	}
	open := kinds[*name]
	if open == nil {
		fmt.Fprintf(os.Stderr, "right: --kind %s: want table, sqlite, log or actor\n", *name)
		os.Exit(2)
	}
	k, err := open(*file)
	if err == nil {
		err = errors.Join(serve(k, *listen, *admin, known), k.close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "right:", err)
		os.Exit(21)
	}
}

// serve serves until SIGTERM.
func serve(k kind, listen, admin string, known []string) error {
	for _, arg := range known {
		id, rest, _ := strings.Cut(arg, ":")
		last := max(0, strings.LastIndexByte(rest, ':'))
		next, err := strconv.ParseUint(strings.TrimPrefix(rest[last:], ":"), 10, 64)
		if err != nil {
			return errors.New("--device: want ID:PASSPHRASE:NEXT")
		}
		if err := k.provision(id, rest[:last], next); err != nil {
			return err
		}
	}
	data, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	control, err := net.Listen("tcp", admin)
	if err != nil {
		return err
	}
	fmt.Printf(`{"ready":true,"listen":"%s","admin":"%s"}`+"\n", data.Addr(), control.Addr())
	const patience = 5 * time.Second
	servers := []*http.Server{
		{Handler: door{k}, ReadHeaderTimeout: patience, ReadTimeout: patience, MaxHeaderBytes: 16 << 10},
		{Handler: office(k)},
	}
	go servers[0].Serve(data)
	go servers[1].Serve(control)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return errors.Join(servers[0].Shutdown(ctx), servers[1].Close())
}
