package fifo_test

import (
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/espalier-hil/espalier/boards/fifo"
)

const long = 20 * time.Second // nothing comes near it

func TestQueue(t *testing.T) {
	q := fifo.New(8)
	buf := make([]byte, 16)
	if n, err := q.Read(buf, 0); n != 0 || err != os.ErrDeadlineExceeded {
		t.Errorf("empty: %d, %v", n, err)
	}
	if n, err := q.Read(nil, -1); n != 0 || err != nil {
		t.Errorf("read of nothing: %d, %v", n, err)
	}
	if !q.Put([]byte("12345")) || q.Put([]byte("6789")) || !q.Put([]byte("abc")) {
		t.Error("8 bytes fit, and no more")
	}
	if n, err := q.Read(buf[:2], long); err != nil || string(buf[:n]) != "12" {
		t.Errorf("%q, %v", buf[:n], err)
	}
	q.Discard()
	if n, err := q.Read(buf, 0); n != 0 || err != os.ErrDeadlineExceeded {
		t.Errorf("discarded: %q, %v", buf[:n], err)
	}
	q.Put([]byte("last"))
	q.Close(io.ErrUnexpectedEOF)
	q.Close(io.EOF)
	if q.Put([]byte("x")) {
		t.Error("a closed queue takes more")
	}
	if n, err := q.Read(buf, long); err != nil || string(buf[:n]) != "last" {
		t.Errorf("%q, %v", buf[:n], err)
	}
	for range 2 {
		if n, err := q.Read(buf, long); n != 0 || !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("closed: %d, %v", n, err)
		}
	}
}

func TestReaderWakes(t *testing.T) {
	for name, do := range map[string]func(q *fifo.Queue){
		"put":   func(q *fifo.Queue) { q.Put([]byte("x")) },
		"close": func(q *fifo.Queue) { q.Close(io.EOF) },
	} {
		q := fifo.New(8)
		left := make(chan error)
		go func() {
			_, err := q.Read(make([]byte, 1), -1)
			left <- err
		}()
		do(q)
		if err := <-left; name == "close" != (err == io.EOF) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFlush(t *testing.T) {
	q := fifo.New(8)
	if !q.Flush(0) {
		t.Error("an empty queue is flushed")
	}
	q.Put([]byte("x"))
	if q.Flush(0) {
		t.Error("nobody has read it")
	}
	go q.Read(make([]byte, 1), long)
	if !q.Flush(long) {
		t.Error("it was read")
	}
}
