package server_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/harness/server"
)

// fakeVariable makes this test program behave as a server, of the given kind.
const fakeVariable = "ESPALIER_FAKE_SERVER"

// The kinds of fake server.
const (
	good     = "good"
	broken   = "broken"   // ends at once, with a complaint
	mute     = "mute"     // runs, and never says that it is ready
	deaf     = "deaf"     // says that it listens where nobody does
	sick     = "sick"     // is not healthy
	stubborn = "stubborn" // takes no notice of SIGTERM
	chatty   = "chatty"   // floods its log
	parrot   = "parrot"   // repeats what it is sent in its errors
	mortal   = "mortal"   // ends when somebody posts to it
	owner    = "owner"    // no server: one that starts a good one, and waits
)

func TestMain(m *testing.M) {
	switch kind := os.Getenv(fakeVariable); kind {
	case "":
		os.Exit(m.Run())
	case owner:
		own()
	default:
		fake(kind)
	}
}

// as lets the child processes of this test be of a kind, and returns their
// program.
func as(t *testing.T, kind string) server.Binary {
	t.Setenv(fakeVariable, kind)
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return server.Binary{Path: exe, Args: []string{"prefix"}}
}

// readings is how many the fake has of each device; more than two pages.
const readings = 2001

func fake(kind string) {
	flags := flag.NewFlagSet("fake", flag.ExitOnError)
	listen, admin, db := flags.String("listen", "", ""), flags.String("admin", "", ""), flags.String("db", "", "")
	flags.Parse(os.Args[2:]) // behind "prefix"
	fmt.Fprintln(os.Stderr, "arguments:", os.Args[1:])
	switch kind {
	case broken:
		fmt.Fprintln(os.Stderr, "disk full")
		os.Exit(21)
	case mute:
		fmt.Println(`{"ready":false}`)
		time.Sleep(time.Hour) // an empty select is a deadlock to a runtime without cgo
	case deaf:
		fmt.Println(`{"ready":true,"listen":"127.0.0.1:1","admin":"127.0.0.1:1"}`)
		time.Sleep(time.Hour) // an empty select is a deadlock to a runtime without cgo
	case chatty:
		fmt.Fprintln(os.Stderr, strings.Repeat("x", 1<<20)+"\n\xff")
		for i := range 20_000 {
			fmt.Fprintln(os.Stderr, "line", i)
		}
	case stubborn:
		signal.Ignore(syscall.SIGTERM)
	}
	token := "Bearer " + os.Getenv("ESPALIER_ADMIN_TOKEN")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		if kind == sick {
			http.Error(w, "database locked", http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("POST /data/{id}", func(http.ResponseWriter, *http.Request) {
		if kind == mortal {
			fmt.Fprintln(os.Stderr, "panic: out of luck")
			os.Exit(2)
		}
	})
	mux.HandleFunc("PUT /devices/{id}", func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if kind == parrot || r.Header.Get("Authorization") != token {
			http.Error(w, "refused: "+string(body), http.StatusBadRequest)
			return
		}
		os.WriteFile(*db+url.PathEscape(r.PathValue("id")), body, 0o600)
	})
	mux.HandleFunc("GET /devices/{id}", func(w http.ResponseWriter, r *http.Request) {
		body, err := os.ReadFile(*db + url.PathEscape(r.PathValue("id")))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		var d struct{ Next uint64 }
		json.Unmarshal(body, &d)
		fmt.Fprintf(w, `{"device":"%s","next":%d,"accepted":2,"missing":1,"lastSeen":null}`, r.PathValue("id"), d.Next)
	})
	mux.HandleFunc("GET /devices/{id}/readings", func(w http.ResponseWriter, r *http.Request) {
		from, _ := strconv.Atoi(r.FormValue("from"))
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		io.WriteString(w, `{"readings":[`)
		end := min(from+limit, readings)
		for i := from; i < end; i++ {
			fmt.Fprintf(w, `{"seqn":%d,"received":"2026-11-23T03:14:15.9Z","data": {"a" : %d}}%s`, i, i, strings.Repeat(",", min(1, end-1-i)))
		}
		fmt.Fprintf(w, `],"more":%v}`, end < readings)
	})
	data, err := net.Listen("tcp", *listen)
	if err != nil {
		panic(err)
	}
	control, err := net.Listen("tcp", *admin)
	if err != nil {
		panic(err)
	}
	go http.Serve(data, mux)
	go http.Serve(control, mux)
	fmt.Printf(`{"ready":true,"listen":"%s","admin":"%s"}`+"\n", data.Addr(), control.Addr())
	time.Sleep(time.Hour) // an empty select is a deadlock to a runtime without cgo
}
