// Command gen makes the vector files anew:
//
//	go run ./vectors/internal/gen vectors
//
// The same program gives the same bytes; CI compares them with what is
// committed. What it computes is confirmed by programs that share no code with
// it: package oracle.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/espalier-hil/espalier/vectors"
)

// suites makes each file.
var suites = []func() (*vectors.File, error){kdf, envelope, payloads, sequence, concurrency, oracle, httpFile, device, poison}

func main() {
	release := len(os.Args) == 3 && os.Args[2] == "release"
	if len(os.Args) != 2 && !release {
		fmt.Fprintln(os.Stderr, "usage: gen FOLDER [release]")
		os.Exit(2)
	}
	if err := generate(os.Args[1], release); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// generate writes every file of tests, SUITE.json, ledger.txt and MATRIX.md, and says how
// many tests there are. A release seals the ledger: what stands in it then is a
// promise.
func generate(folder string, release bool) error {
	var files []*vectors.File
	index := vectors.Index{
		Schema: "suite.v" + vectors.Format + ".schema.json", FormatVersion: vectors.Format,
		SpecVersion: vectors.Spec, VectorsVersion: vectors.Version,
	}
	for _, suite := range suites {
		file, err := suite()
		if err != nil {
			return err
		}
		text, err := vectors.Encode(file)
		if err != nil {
			return err
		}
		if file, err = vectors.Parse(file.Suite, text); err != nil {
			return err
		}
		files = append(files, file)
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
	text, err := vectors.Encode(index)
	if err != nil {
		return err
	}
	fmt.Printf("%4d  tests, poison not counted\n", index.NumberOfTests)
	if err := os.WriteFile(filepath.Join(folder, "SUITE.json"), text, 0o644); err != nil {
		return err
	}
	if err := keep(filepath.Join(folder, "ledger.txt"), files, release); err != nil {
		return err
	}
	register, err := os.ReadFile(filepath.Join(folder, "requirements.json"))
	if err != nil {
		return err
	}
	reg, err := vectors.ParseRegister(register)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, "MATRIX.md"), []byte(matrix(reg, files)), 0o644)
}

// keep brings the ledger up to date.
func keep(path string, files []*vectors.File, release bool) error {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	ledger, err := vectors.ParseLedger(text)
	if err != nil {
		return err
	}
	if err := ledger.Update(files); err != nil {
		return err
	}
	if release {
		ledger.Release(vectors.Version)
	}
	return os.WriteFile(path, ledger.Text(), 0o644)
}

func entry(path string, text []byte, tests int) vectors.IndexEntry {
	sum := sha256.Sum256(text)
	return vectors.IndexEntry{Path: path, SHA256: hex.EncodeToString(sum[:]), NumberOfTests: tests}
}
