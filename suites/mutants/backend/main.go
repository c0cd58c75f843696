// Command backend is a small backend with one fault planted in it, so that the
// suite can be seen to find that fault. Without a fault it keeps the protocol.
// It takes the reference server's command line and speaks its admin API.
//
//	ESPALIER_FAULT=race backend --listen 127.0.0.1:0 --admin 127.0.0.1:0 --db FILE
//
// Known faults are listed in faults.go.
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
	"slices"
	"syscall"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "backend:", err)
		os.Exit(21)
	}
}

func run() error {
	listen := flag.String("listen", "127.0.0.1:0", "address for devices")
	admin := flag.String("admin", "127.0.0.1:0", "address of the admin API")
	db := flag.String("db", "", "journal file")
	flag.Parse()
	f := fault(os.Getenv("ESPALIER_FAULT"))
	if f != "" && !slices.Contains(faults, f) {
		return fmt.Errorf("ESPALIER_FAULT=%s is none of %v", f, faults)
	}
	b := &backend{fault: f, devices: map[string]*device{}}
	if err := b.open(*db); err != nil {
		return err
	}
	data, err := net.Listen("tcp", *listen)
	if err != nil {
		return err
	}
	control, err := net.Listen("tcp", *admin)
	if err != nil {
		return err
	}
	ready, err := json.Marshal(map[string]any{"ready": true, "listen": data.Addr().String(), "admin": control.Addr().String()})
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", ready)

	servers := []*http.Server{{Handler: b.dataHandler()}, {Handler: b.adminHandler()}}
	go servers[0].Serve(data)
	go servers[1].Serve(control)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(servers[0].Shutdown(ctx), servers[1].Shutdown(ctx), b.close())
}
