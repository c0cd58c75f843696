// Command faulty is a shim with one fault, for the tests of those that have to
// cope with it:
//
//	faulty FAULT [N]
//
// The fault shows at the Nth question of each of its lives, the first unless
// said otherwise; 0 is every question. All else it answers as the reference
// server would.
package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/espalier-hil/espalier/suites/codec"
)

// question is what was asked, and fields of an answer to it.
type question struct {
	V                                               int
	Seq                                             int64
	Op, PassphraseHex, SaltHex, Msg, Next, PlainHex string
}

type fields = map[string]any

// answer says what the reference server would.
func (q question) answer() fields {
	passphrase, _ := hex.DecodeString(q.PassphraseHex)
	salt, _ := hex.DecodeString(q.SaltHex)
	plain, _ := hex.DecodeString(q.PlainHex)
	var right codec.Reference
	var out fields
	var err error
	switch q.Op {
	case "kdf":
		var key, iv []byte
		key, iv, err = right.KDF(context.Background(), passphrase, salt)
		out = fields{"keyHex": hex.EncodeToString(key), "ivHex": hex.EncodeToString(iv)}
	case "open":
		var text []byte
		text, err = right.Open(context.Background(), passphrase, q.Msg)
		out = fields{"plainHex": hex.EncodeToString(text)}
	case "payload":
		var r codec.Reading
		r, err = right.Payload(context.Background(), q.Next, plain)
		out = fields{"next": r.Next, "data": string(r.Data)}
	}
	var rejected codec.Rejected
	switch {
	case errors.As(err, &rejected):
		return fields{"seq": q.Seq, "reject": string(rejected.Stage)}
	case err != nil:
		return fields{"seq": q.Seq, "errored": err.Error()}
	}
	return fields{"seq": q.Seq, "out": out}
}

// say prints one line in one piece.
func say(a fields) {
	line, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	os.Stdout.Write(append(line, '\n'))
}

// sleep does nothing more, for longer than any test.
func sleep() { time.Sleep(time.Hour) }

// faults by name; each gets the question and the right answer to it.
var faults = map[string]func(q question, a fields){
	"dies":      func(question, fields) { fmt.Fprintln(os.Stderr, "out of ideas"); os.Exit(3) },
	"is-killed": func(question, fields) { p, _ := os.FindProcess(os.Getpid()); p.Kill(); sleep() },
	"hangs":     func(question, fields) { sleep() },
	"spins": func(question, fields) {
		for time.Now().Unix() > 0 {
		}
	},
	"talks":          func(question, fields) { fmt.Println("Listening on stdin …") },
	"binary":         func(question, fields) { os.Stdout.Write([]byte{0xff, 0x00, 0x1b, '[', '2', 'J', '\n'}) },
	"number":         func(question, fields) { fmt.Println(42) },
	"empty":          func(question, fields) { fmt.Println() },
	"long":           func(question, fields) { fmt.Println(strings.Repeat("x", 1<<20+1)) },
	"no-seq":         func(_ question, a fields) { delete(a, "seq"); say(a) },
	"wrong-seq":      func(_ question, a fields) { a["seq"] = 99; say(a) },
	"unknown-field":  func(_ question, a fields) { a["took"] = 3; say(a) },
	"unknown-answer": func(q question, _ fields) { say(fields{"seq": q.Seq, "maybe": true}) },
	"bare":           func(q question, _ fields) { say(fields{"seq": q.Seq}) },
	"no-text":        func(q question, _ fields) { say(fields{"seq": q.Seq, "reject": 7}) },
	"no-fields":      func(q question, _ fields) { say(fields{"seq": q.Seq, "out": fields{}}) },
	"no-object":      func(q question, _ fields) { say(fields{"seq": q.Seq, "out": "text"}) },
	"no-hex": func(q question, _ fields) {
		say(fields{"seq": q.Seq, "out": fields{"keyHex": "0x12", "ivHex": "", "plainHex": "0x12"}})
	},
	"unimplemented": func(q question, _ fields) { say(fields{"seq": q.Seq, "unimplemented": true}) },
	"not-really":    func(q question, _ fields) { say(fields{"seq": q.Seq, "unimplemented": false}) },
	"errored":       func(q question, _ fields) { say(fields{"seq": q.Seq, "errored": "TypeError: undefined\nat line 7"}) },
	"closes":        func(question, fields) { os.Stdout.Close(); sleep() },
	"half":          func(question, fields) { fmt.Print(`{"seq":`); os.Exit(0) },
	"no-line-feed":  func(_ question, a fields) { p, _ := json.Marshal(a); os.Stdout.Write(p); sleep() },
	"duplicate-key": func(q question, _ fields) { fmt.Printf("{\"seq\":%d,\"seq\":%d,\"reject\":\"\"}\n", q.Seq, q.Seq) },
	"twice": func(_ question, a fields) {
		line, _ := json.Marshal(a)
		fmt.Printf("%s\n%s\n", line, line)
	},
	"twice-late": func(_ question, a fields) { say(a); time.Sleep(10 * time.Millisecond); say(a) },
	"endless": func(question, fields) {
		for {
			os.Stdout.Write([]byte(strings.Repeat("x", 4096)))
		}
	},
	"floods": func(_ question, a fields) {
		for {
			say(a)
		}
	},
	"complains": func(_ question, a fields) {
		for i := range 100000 {
			fmt.Fprintf(os.Stderr, "\x1b[31mwarning %d\n", i)
		}
		say(a)
	},
	// Its child holds on to standard output, and to the file that it is told.
	"has-a-child": func(question, fields) {
		child := exec.Command(os.Args[0], "sleeps")
		child.Stdout, child.Stderr = os.Stdout, os.Stderr
		if err := child.Start(); err != nil {
			panic(err)
		}
		sleep()
	},
	"dies-unless-first": func(q question, a fields) {
		if q.Seq != 1 {
			os.Exit(3)
		}
		say(a)
	},
	"goes-on":       func(_ question, a fields) { say(a) }, // see main
	"has-last-word": func(_ question, a fields) { say(a) },
	"none":          func(_ question, a fields) { say(a) },
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: faulty FAULT [N]")
		os.Exit(2)
	}
	name, at := os.Args[1], 1
	if len(os.Args) > 2 {
		at, _ = strconv.Atoi(os.Args[2])
	}
	switch name {
	case "sleeps":
		f, err := os.OpenFile(os.Getenv("FAULTY_CHILD_HOLDS"), os.O_WRONLY, 0)
		if err != nil {
			panic(err)
		}
		defer f.Close()
		sleep()
	case "exits":
		fmt.Fprintln(os.Stderr, "no module named frobnicate")
		os.Exit(1)
	case "dies-later": // answers once in all its lives: the question with seq 1
		name, at = "dies-unless-first", 0
	case "greets":
		fmt.Println("ready")
		name = "none"
	}
	fault, known := faults[name]
	if !known {
		fmt.Fprintf(os.Stderr, "faulty: there is no fault %q\n", name)
		os.Exit(2)
	}
	in := bufio.NewReader(os.Stdin)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil {
			break
		}
		var q question
		if err := json.Unmarshal(line, &q); err != nil {
			panic(err)
		}
		if at == 0 || n == at {
			fault(q, q.answer())
		} else {
			say(q.answer())
		}
	}
	switch name {
	case "goes-on":
		sleep()
	case "has-last-word":
		fmt.Println("bye")
	}
}
