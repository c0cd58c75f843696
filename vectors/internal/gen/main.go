// Command gen makes the vector files anew:
//
//	go run ./vectors/internal/gen vectors
//
// The same program gives the same bytes; CI compares them with what is
// committed. What it computes is confirmed by programs that share no code with
// it: package oracle.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/espalier-hil/espalier/vectors"
)

// suites makes each file.
var suites = []func() (*vectors.File, error){kdf, envelope, payloads, sequence, concurrency, oracle, httpFile, device, poison}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gen FOLDER")
		os.Exit(2)
	}
	if err := generate(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate writes every file of tests and SUITE.json, and says how many tests
// there are.
func generate(folder string) error {
	index := vectors.Index{
		Schema: "suite.v" + vectors.Format + ".schema.json", FormatVersion: vectors.Format,
		SpecVersion: vectors.Spec, VectorsVersion: vectors.Version,
	}
	for _, suite := range suites {
		file, err := suite()
		if err != nil {
			return err
		}
		text, err := marshal(file)
		if err != nil {
			return err
		}
		if _, err := vectors.Parse(file.Suite, text); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, file.Suite+".json"), text, 0o644); err != nil {
			return err
		}
		fmt.Printf("%4d  %s\n", file.NumberOfTests, file.Suite)
		index.Files = append(index.Files, entry(file.Suite+".json", text, file.NumberOfTests))
		if file.Suite != "poison" {
			index.NumberOfTests += file.NumberOfTests
		}
	}
	for _, name := range []string{"requirements.json", "dialects.json"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		index.Files = append(index.Files, entry(name, text, 0))
	}
	text, err := marshal(index)
	if err != nil {
		return err
	}
	fmt.Printf("%4d  tests, poison not counted\n", index.NumberOfTests)
	return os.WriteFile(filepath.Join(folder, "SUITE.json"), text, 0o644)
}

func entry(path string, text []byte, tests int) vectors.IndexEntry {
	sum := sha256.Sum256(text)
	return vectors.IndexEntry{Path: path, SHA256: hex.EncodeToString(sum[:]), NumberOfTests: tests}
}

func marshal(doc any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(doc)
	return b.Bytes(), err
}
