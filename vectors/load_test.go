package vectors_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/espalier-hil/espalier/vectors"
)

// suite returns a copy of the embedded files.
func suite(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	err := fs.WalkDir(vectors.Files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := vectors.Files.ReadFile(path)
		files[path] = &fstest.MapFile{Data: text}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// edit changes the first old in a file, and its digest in SUITE.json with it.
func edit(t *testing.T, files fstest.MapFS, path, old, new string) {
	t.Helper()
	before := files[path].Data
	after := bytes.Replace(before, []byte(old), []byte(new), 1)
	if bytes.Equal(before, after) && old != new {
		t.Fatalf("%s does not hold %q", path, old)
	}
	files[path] = &fstest.MapFile{Data: after}
	was, is := sha256.Sum256(before), sha256.Sum256(after)
	if path != "SUITE.json" {
		edit(t, files, "SUITE.json", hex.EncodeToString(was[:]), hex.EncodeToString(is[:]))
	}
}

func TestAll(t *testing.T) {
	all, err := vectors.All()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range all.Files {
		n += f.NumberOfTests
	}
	if n != all.Index.NumberOfTests {
		t.Errorf("%d tests, and SUITE.json counts %d", n, all.Index.NumberOfTests)
	}
	if _, err := vectors.Poison(); err != nil {
		t.Error(err)
	}
}

// Each way in which a suite can be broken is one line that names the file and
// the place.
func TestLoadRefuses(t *testing.T) {
	for _, tt := range []struct{ name, path, old, new, want string }{
		{"a key that stands there twice", "kdf.json", `"id": "kdf/`, `"id": "kdf/other", "id": "kdf/`, "kdf.json: at /testGroups/0/tests/0/id: the key stands there twice"},
		{"a byte order mark", "kdf.json", "{", "\xef\xbb\xbf{", "kdf.json: it begins with a byte order mark"},
		{"bytes that are no UTF-8", "kdf.json", `"comment": "`, "\"comment\": \"\xff", "not UTF-8"},
		{"half of a surrogate pair", "kdf.json", `"comment": "`, `"comment": "\ud83d`, `\ud83d is half of a surrogate pair`},
		{"the other half", "kdf.json", `"comment": "`, `"comment": "\ude00\ud83d`, `\ude00 is half of a surrogate pair`},
		{"text behind the end", "kdf.json", "\n}\n", "\n}\n{}", "text behind the end of the document"},
		{"no end", "kdf.json", "\n}\n", "\n", "not JSON: it ends there"},
		{"a comma too many", "kdf.json", `"suite": "kdf",`, `"suite": "kdf",,`, "kdf.json: line 3, at /suite: not JSON"},
		{"another format", "kdf.json", "kdf.v1.schema.json", "kdf.v2.schema.json", "kdf.json: at /schema: this program reads format 1, and the file is of format 2"},
		{"another schema", "kdf.json", "kdf.v1.schema.json", "envelope.v1.schema.json", "kdf.json: at /schema: value must be 'kdf.v1.schema.json'"},
		{"another suite", "kdf.json", `"suite": "kdf"`, `"suite": "kdx"`, "kdf.json: at /suite"},
		{"an unknown field of a test", "kdf.json", `"keyHex"`, `"keyhex"`, "kdf.json: at /testGroups/0/tests/0"},
		{"an unknown type", "kdf.json", `"KdfTest"`, `"KdgTest"`, "kdf.json: at /testGroups/0/type"},
		{"an unknown stage", "envelope.json", `"padding"`, `"paddling"`, "envelope.json: at /testGroups/0/tests"},
		{"an unknown op", "envelope.json", `"op": "pad"`, `"op": "bad"`, "none of search"},
		{"a field of another op", "envelope.json", `"op": "pad",`, `"op": "pad", "block": 1,`, "'block' not allowed"},
		{"a wrong count", "kdf.json", `"numberOfTests": `, `"numberOfTests": 9`, "kdf.json: at /numberOfTests"},
		{"a flag without a note", "kdf.json", `"flags": [
      "`, `"flags": [
      "Other`, "no note explains the flag Other"},
		{"a requirement that there is not", "kdf.json", "REQ-KDF-001", "REQ-KDF-999", "cites REQ-KDF-999, which the register does not know"},
		{"a dialect that there is not", "dialects.json", `"float64-seqn"`, `"float65-seqn"`, "dialects.json does not know float64-seqn"},
		{"an id of another suite", "kdf.json", `"id": "kdf/`, `"id": "other/`, "does not begin with kdf/"},
		{"a file of another release", "kdf.json", `"vectorsVersion": "`, `"vectorsVersion": "9`, "they are of two releases"},
		{"an index of another format", "SUITE.json", `"formatVersion": "1"`, `"formatVersion": "3"`, "SUITE.json: at /schema: this program reads format 1, and the file is of format 3"},
		{"an index with another count", "SUITE.json", `"numberOfTests": `, `"numberOfTests": 9`, "SUITE.json: at /numberOfTests"},
		{"an index with a file twice", "SUITE.json", `"kdf.json"`, `"envelope.json"`, "SUITE.json: at /files/1: envelope.json stands there twice"},
		{"a file that the index does not list", "SUITE.json", `"kdf.json"`, `"kdg.json"`, "SUITE.json does not list it"},
		{"a dialect that stands there twice", "dialects.json", `"unbounded-seqn"`, `"float64-seqn"`, "float64-seqn stands there twice"},
		{"a requirement that stands there twice", "requirements.json", `"REQ-KDF-002"`, `"REQ-KDF-001"`, "REQ-KDF-001 stands there twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := suite(t)
			edit(t, files, tt.path, tt.old, tt.new)
			_, err := vectors.Load(files, vectors.Names...)
			if !errors.Is(err, vectors.ErrFile) && !errors.Is(err, vectors.ErrRegister) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v\nwant one line with %q", err, tt.want)
			}
		})
	}
}

func TestLoadHoldsDigests(t *testing.T) {
	for _, path := range []string{"kdf.json", "requirements.json", "dialects.json"} {
		files := suite(t)
		files[path] = &fstest.MapFile{Data: append(bytes.Clone(files[path].Data), '\n')}
		if _, err := vectors.Load(files, vectors.Names...); !errors.Is(err, vectors.ErrFile) || !strings.Contains(err.Error(), path+": its SHA-256 is") {
			t.Errorf("%s changed: %v", path, err)
		}
		delete(files, path)
		if _, err := vectors.Load(files, vectors.Names...); !errors.Is(err, vectors.ErrFile) || !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s missing: %v", path, err)
		}
	}
	if _, err := vectors.Load(fstest.MapFS{}); !errors.Is(err, vectors.ErrFile) {
		t.Errorf("nothing: %v", err)
	}
}

// A FIFO is not opened, for that may never end; nor is a file beyond all size.
func TestLoadOpensFilesOnly(t *testing.T) {
	for what, file := range map[string]*fstest.MapFile{
		"SUITE.json is no regular file":                     {Mode: fs.ModeNamedPipe},
		"SUITE.json has 67108865 bytes, more than 67108864": {Data: make([]byte, vectors.MaxFile+1)},
	} {
		_, err := vectors.Load(fstest.MapFS{"SUITE.json": file}, vectors.Names...)
		if !errors.Is(err, vectors.ErrFile) || !strings.Contains(err.Error(), what) {
			t.Errorf("%v, want %s", err, what)
		}
	}
}
