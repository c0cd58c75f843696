// Command gen makes the vector files anew, with OpenSSL's command line as the
// only source of cryptography:
//
//	go run ./vectors/internal/gen vectors
//
// The same input gives the same bytes; CI compares them with what is committed.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen FOLDER")
		os.Exit(2)
	}
	doc, err := device()
	if err == nil {
		err = write(filepath.Join(os.Args[1], "device", "seal.json"), doc)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func write(path string, doc any) error {
	p, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, append(p, '\n'), 0o644)
}
