package lint_test

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/espalier-hil/espalier/vectors"
	"github.com/espalier-hil/espalier/vectors/lint"
)

// folder returns a copy of the suite, of which a test may break what it likes.
type folder struct{ fstest.MapFS }

func suite(t *testing.T) folder {
	t.Helper()
	files := folder{fstest.MapFS{}}
	real := os.DirFS("..")
	for _, pattern := range []string{"*.json", "schema/*.json", "PROTOCOL.md", "ledger.txt"} {
		names, err := fs.Glob(real, pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v, %v", pattern, names, err)
		}
		for _, name := range names {
			text, err := fs.ReadFile(real, name)
			if err != nil {
				t.Fatal(err)
			}
			files.MapFS[name] = &fstest.MapFile{Data: text}
		}
	}
	return files
}

// put writes a file, and its digest into SUITE.json.
func (f folder) put(name string, text []byte) {
	was := sha256.Sum256(f.MapFS[name].Data)
	is := sha256.Sum256(text)
	f.MapFS[name] = &fstest.MapFile{Data: text}
	if name != "SUITE.json" {
		index := f.MapFS["SUITE.json"].Data
		f.MapFS["SUITE.json"] = &fstest.MapFile{Data: []byte(strings.Replace(string(index), hex.EncodeToString(was[:]), hex.EncodeToString(is[:]), 1))}
	}
}

// edit replaces the first old in a file.
func (f folder) edit(t *testing.T, name, old, new string) {
	t.Helper()
	text := string(f.MapFS[name].Data)
	if !strings.Contains(text, old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	f.put(name, []byte(strings.Replace(text, old, new, 1)))
}

// change has a suite's file changed as a structure, and written in its form.
func (f folder) change(t *testing.T, name string, change func(*vectors.File)) {
	t.Helper()
	file, err := vectors.Parse(name, f.MapFS[name+".json"].Data)
	if err != nil {
		t.Fatal(err)
	}
	change(file)
	text, err := vectors.Encode(file)
	if err != nil {
		t.Fatal(err)
	}
	f.put(name+".json", text)
}

// first returns the first test of a type with a result.
func first[T vectors.Test](t *testing.T, f *vectors.File, fits func(T) bool) (*vectors.Group, T) {
	t.Helper()
	for _, g := range f.Groups {
		for _, test := range g.Tests {
			if test, ok := test.(T); ok && fits(test) {
				return g, test
			}
		}
	}
	t.Fatalf("%s has no such test", f.Suite)
	panic("not reached")
}

func acceptable(t *vectors.PayloadTest) bool { return t.Result == vectors.Acceptable }
func anyKDF(*vectors.KDFTest) bool           { return true }

// small is a suite with a few tests of each file, which is sooner checked.
func small(t *testing.T) folder {
	t.Helper()
	f := suite(t)
	index, err := vectors.ParseIndex(f.MapFS["SUITE.json"].Data)
	if err != nil {
		t.Fatal(err)
	}
	book, files := &vectors.Ledger{}, []*vectors.File(nil)
	index.NumberOfTests = 0
	for i, e := range index.Files {
		if e.NumberOfTests == 0 {
			continue
		}
		f.change(t, strings.TrimSuffix(e.Path, ".json"), func(file *vectors.File) {
			const groups, tests = 6, 8
			file.Groups = file.Groups[:min(groups, len(file.Groups))]
			file.NumberOfTests = 0
			for _, g := range file.Groups {
				g.Tests = g.Tests[:min(tests, len(g.Tests))]
				file.NumberOfTests += len(g.Tests)
			}
			files = append(files, file)
		})
		text := f.MapFS[e.Path].Data
		sum := sha256.Sum256(text)
		index.Files[i] = vectors.IndexEntry{Path: e.Path, SHA256: hex.EncodeToString(sum[:]), NumberOfTests: files[len(files)-1].NumberOfTests}
		if e.Path != "poison.json" {
			index.NumberOfTests += files[len(files)-1].NumberOfTests
		}
	}
	text, err := vectors.Encode(index)
	if err != nil {
		t.Fatal(err)
	}
	f.put("SUITE.json", text)
	if err := book.Update(files); err != nil {
		t.Fatal(err)
	}
	f.put("ledger.txt", book.Text())
	return f
}

// clone is for a test that breaks it.
func (f folder) clone() folder { return folder{maps.Clone(f.MapFS)} }

// Each rule is broken in each way that it knows, and says so.
func TestBroken(t *testing.T) {
	broken := map[string]bool{}
	whole := small(t)
	before := lint.Check(whole) // what is missing in a few tests
	for _, tt := range []struct {
		rule, want string
		breaks     func(*testing.T, folder)
	}{
		{"load", "not JSON", func(t *testing.T, f folder) { f.edit(t, "kdf.json", "{", "[") }},
		{"files", "SUITE.json does not list it", func(t *testing.T, f folder) { f.MapFS["more.json"] = f.MapFS["kdf.json"] }},
		{"form", "not in the form", func(t *testing.T, f folder) { f.edit(t, "kdf.json", " \"suite\"", "  \"suite\"") }},
		{"form", "a tab", func(t *testing.T, f folder) { f.edit(t, "dialects.json", "\n", " \n") }},
		{"form", "one line feed", func(t *testing.T, f folder) {
			f.put("requirements.json", append(f.MapFS["requirements.json"].Data, '\n'))
		}},
		{"schemas", "has no schema", func(t *testing.T, f folder) { delete(f.MapFS, "schema/kdf.v1.schema.json") }},
		{"ids", "stands in", func(t *testing.T, f folder) {
			f.change(t, "kdf", func(file *vectors.File) {
				file.Retired = append(file.Retired, vectors.Retired{ID: "envelope/known-answer", In: "1.0.0", Why: "w"})
			})
		}},
		{"ids", "is replaced by", func(t *testing.T, f folder) {
			f.change(t, "kdf", func(file *vectors.File) {
				file.Retired = append(file.Retired, vectors.Retired{ID: "kdf/of-old", In: "1.0.0", Why: "w", ReplacedBy: "kdf/never"})
			})
		}},
		{"ids", "sends envelope/never, which there is not", func(t *testing.T, f folder) {
			f.change(t, "sequence", func(file *vectors.File) {
				_, test := first(t, file, func(t *vectors.SequenceTest) bool { return t.Steps[0].Send.ReplayOf == nil })
				test.Steps[0].Send.Vector = "envelope/never"
			})
		}},
		{"ids", "which is no message", func(t *testing.T, f folder) {
			f.change(t, "sequence", func(file *vectors.File) {
				_, test := first(t, file, func(t *vectors.SequenceTest) bool { return t.Steps[0].Send.ReplayOf == nil })
				test.Steps[0].Send.Vector = test.ID
			})
		}},
		{"ledger", "is not up to date", func(t *testing.T, f folder) {
			f.change(t, "kdf", func(file *vectors.File) {
				_, test := first(t, file, anyKDF)
				test.SaltHex = "ffffffffffffffff"
			})
		}},
		{"ledger", "neither VERSION", func(t *testing.T, f folder) { f.put("ledger.txt", []byte("hello\n")) }},
		{"ledger", "not exist", func(t *testing.T, f folder) { delete(f.MapFS, "ledger.txt") }},
		{"ledger", "now asks or expects something else", func(t *testing.T, f folder) {
			book, err := vectors.ParseLedger(f.MapFS["ledger.txt"].Data)
			if err != nil {
				t.Fatal(err)
			}
			book.Release("1.0.0")
			f.put("ledger.txt", book.Text())
			f.change(t, "kdf", func(file *vectors.File) {
				_, test := first(t, file, anyKDF)
				test.SaltHex = "ffffffffffffffff"
			})
		}},
		{"notes", "which no test has", func(t *testing.T, f folder) {
			f.change(t, "kdf", func(file *vectors.File) {
				file.Notes["Idle"] = vectors.Note{BugType: "BASIC", Description: "d", Effect: "e"}
			})
		}},
		{"dialects", "no test betrays", func(t *testing.T, f folder) {
			f.edit(t, "dialects.json", `"dialects": [`, `"dialects": [{"name": "idle", "description": "d", "effect": "e", "seenIn": ["s"], "reqs": ["REQ-KDF-001"]},`)
		}},
		{"dialects", "which the register does not know", func(t *testing.T, f folder) {
			f.edit(t, "dialects.json", `"reqs": ["REQ-`, `"reqs": ["REQ-ENV-999", "REQ-`)
		}},
		{"dialects", "a place without a name", func(t *testing.T, f folder) { f.edit(t, "dialects.json", `"seenIn": [`, `"seenIn": ["", `) }},
		{"register", "has no section", func(t *testing.T, f folder) { f.edit(t, "requirements.json", `"section": "3.5"`, `"section": "3.99"`) }},
		{"register", "strict demands less of it than core", func(t *testing.T, f folder) {
			f.edit(t, "requirements.json", `"core": "MUST", "strict": "MUST"`, `"core": "MUST", "strict": "MAY"`)
		}},
		{"register", "of the profile device or of others", func(t *testing.T, f folder) {
			f.edit(t, "requirements.json", `"observe": ["device"]`, `"observe": ["device", "shim"]`)
		}},
		{"register", "full stop", func(t *testing.T, f folder) { f.edit(t, "requirements.json", `"text": "`, `"text": " `) }},
		{"coverage", "REQ-NEW-001", func(t *testing.T, f folder) {
			f.edit(t, "requirements.json", `"requirements": [`, `"requirements": [{"id": "REQ-NEW-001", "levels": {"core": "MUST", "strict": "MUST", "secure": "MUST"}, "text": "t", "section": "1", "since": "1.0.0", "status": "active", "observe": ["shim"]},`)
		}},
		{"outcomes", "the first alternative", func(t *testing.T, f folder) {
			f.change(t, "payload", func(file *vectors.File) {
				_, test := first(t, file, acceptable)
				slices.Reverse(test.Permitted)
			})
		}},
		{"outcomes", "has no dialect", func(t *testing.T, f folder) {
			f.change(t, "payload", func(file *vectors.File) {
				_, test := first(t, file, acceptable)
				test.Permitted[1].Dialect = ""
			})
		}},
		{"outcomes", "stands there twice", func(t *testing.T, f folder) {
			f.change(t, "payload", func(file *vectors.File) {
				_, test := first(t, file, acceptable)
				test.Permitted = append(test.Permitted, test.Permitted[1])
			})
		}},
		{"outcomes", "is right and wrong", func(t *testing.T, f folder) {
			f.change(t, "payload", func(file *vectors.File) {
				_, test := first(t, file, acceptable)
				test.Mistakes = append(test.Mistakes, vectors.Outcome{Accept: test.Permitted[0].Accept, Next: test.Permitted[0].Next, Data: test.Permitted[0].Data, Dialect: test.Permitted[1].Dialect})
			})
		}},
		{"outcomes", "expects a refusal or a dialect", func(t *testing.T, f folder) {
			f.change(t, "payload", func(file *vectors.File) {
				_, test := first(t, file, func(t *vectors.PayloadTest) bool { return t.Expect != nil })
				test.Expect = &vectors.Outcome{}
			})
		}},
		{"stages", "in the wrong place", func(t *testing.T, f folder) {
			f.change(t, "payload", func(file *vectors.File) {
				_, test := first(t, file, func(t *vectors.PayloadTest) bool { return t.Result == vectors.Invalid })
				test.RejectStage = []vectors.Stage{vectors.StageSEQNType, vectors.StageInnerJSON}
			})
		}},
		{"features", "vectors.Features does not list", func(t *testing.T, f folder) {
			f.change(t, "kdf", func(file *vectors.File) {
				_, test := first(t, file, anyKDF)
				test.Features = []string{"magic.wand"}
			})
		}},
		{"poison", "belongs in poison.json", func(t *testing.T, f folder) {
			f.change(t, "kdf", func(file *vectors.File) { file.Groups[0].Poison = "p" })
		}},
		{"recipes", "not what plainHex says", func(t *testing.T, f folder) {
			f.change(t, "payload", func(file *vectors.File) {
				_, test := first(t, file, acceptable)
				test.PlainHex += "20"
			})
		}},
		{"recipes", "and msg is", func(t *testing.T, f folder) {
			f.change(t, "envelope", func(file *vectors.File) {
				_, test := first(t, file, func(*vectors.EnvelopeTest) bool { return true })
				test.Msg = "A" + test.Msg
			})
		}},
		{"recipes", "keyHex and ivHex are not", func(t *testing.T, f folder) {
			f.change(t, "envelope", func(file *vectors.File) {
				_, test := first(t, file, func(t *vectors.EnvelopeTest) bool { return t.Debug != nil })
				test.Debug.KeyHex = strings.Repeat("00", 32)
			})
		}},
		{"recipes", "not to what paddedHex says", func(t *testing.T, f folder) {
			f.change(t, "envelope", func(file *vectors.File) {
				_, test := first(t, file, func(t *vectors.EnvelopeTest) bool { return t.Debug != nil })
				test.Debug.PaddedHex = strings.Repeat("00", 48)
			})
		}},
		{"twins", "asks the same as", func(t *testing.T, f folder) {
			f.change(t, "kdf", func(file *vectors.File) {
				g, test := first(t, file, anyKDF)
				other := *test
				other.ID = "kdf/another"
				g.Tests = append(g.Tests, &other)
				file.NumberOfTests++
			})
			index, err := vectors.ParseIndex(f.MapFS["SUITE.json"].Data)
			if err != nil {
				t.Fatal(err)
			}
			index.NumberOfTests++
			for i, e := range index.Files {
				if e.Path == "kdf.json" {
					index.Files[i].NumberOfTests++
				}
			}
			text, err := vectors.Encode(index)
			if err != nil {
				t.Fatal(err)
			}
			f.put("SUITE.json", text)
		}},
	} {
		t.Run(tt.rule+": "+tt.want, func(t *testing.T) {
			f := whole.clone()
			tt.breaks(t, f)
			found := slices.DeleteFunc(lint.Check(f), func(f lint.Finding) bool { return slices.Contains(before, f) })
			if !slices.ContainsFunc(found, func(f lint.Finding) bool { return f.Rule == tt.rule && strings.Contains(f.String(), tt.want) }) {
				t.Errorf("found %v", found)
			}
		})
		broken[tt.rule] = true
	}
	for _, rule := range lint.Rules() {
		if !broken[rule] {
			t.Errorf("nothing shows that %s finds anything", rule)
		}
	}
}
