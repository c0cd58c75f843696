package vectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// base is where the schemas are for each other. A name without one would be
// looked for in the working folder, which may be anywhere, or gone.
const base = "embedded:///schema/"

// schemas compiles everything in schema/, by file name.
var schemas = sync.OnceValue(func() map[string]*jsonschema.Schema {
	entries, err := Files.ReadDir("schema")
	if err != nil {
		panic(err)
	}
	compiler := jsonschema.NewCompiler()
	for _, e := range entries {
		text, err := Files.ReadFile(path.Join("schema", e.Name()))
		if err != nil {
			panic(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			panic(fmt.Sprintf("schema/%s: %v", e.Name(), err))
		}
		if err := compiler.AddResource(base+e.Name(), doc); err != nil {
			panic(fmt.Sprintf("schema/%s: %v", e.Name(), err))
		}
	}
	set := map[string]*jsonschema.Schema{}
	for _, e := range entries {
		set[strings.TrimSuffix(e.Name(), ".v"+Format+".schema.json")] = compiler.MustCompile(base + e.Name())
	}
	return set
})

// Validate holds text against the schema called name: a suite's name, or
// requirements, dialects, suite. Before, it holds it to what JSON readers
// disagree on, and to the format that this program reads. The error is one line
// with the place, as a JSON pointer, and what is wrong there.
func Validate(name string, text []byte) error {
	schema, known := schemas()[name]
	if !known {
		return fmt.Errorf("there is no schema for %q", name)
	}
	if err := wellFormed(text); err != nil {
		return err
	}
	if err := format(text); err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	if err := schema.Validate(doc); err != nil {
		var all *jsonschema.ValidationError
		if !errors.As(err, &all) {
			return err
		}
		worst := leaf(all)
		return fmt.Errorf("at %s: %s", pointer(worst.InstanceLocation), oneLine(worst))
	}
	return nil
}

var schemaName = regexp.MustCompile(`^[a-z]+\.v([0-9]+)\.schema\.json$`)

// format fails where the file says that it is of another format, of which the
// schema could only say that everything in it is wrong.
func format(text []byte) error {
	var doc struct {
		Schema        any `json:"schema"`
		FormatVersion any `json:"formatVersion"`
	}
	if json.Unmarshal(text, &doc) != nil {
		return nil // no object: the schema says so
	}
	said, _ := doc.FormatVersion.(string)
	if name, _ := doc.Schema.(string); said == "" && schemaName.MatchString(name) {
		said = schemaName.FindStringSubmatch(name)[1]
	}
	if said != "" && said != Format {
		return fmt.Errorf("at /schema: this program reads format %s, and the file is of format %.20s", Format, said)
	}
	return nil
}

// leaf returns what a person would call the mistake, of all that the library
// finds wrong: what lies deepest in the document. Of forms that exclude each
// other it is the form that the document names by its type or op.
func leaf(err *jsonschema.ValidationError) *jsonschema.ValidationError {
	if len(err.Causes) == 0 {
		return err
	}
	causes := err.Causes
	if _, forms := err.ErrorKind.(*kind.OneOf); forms {
		causes = slices.DeleteFunc(slices.Clone(causes), misnamed)
		if len(causes) == 0 {
			return err
		}
	}
	var best *jsonschema.ValidationError
	for _, c := range causes {
		if l := leaf(c); best == nil || len(l.InstanceLocation) > len(best.InstanceLocation) {
			best = l
		}
	}
	return best
}

// misnamed reports whether a constant is wrong somewhere in err.
func misnamed(err *jsonschema.ValidationError) bool {
	_, constant := err.ErrorKind.(*kind.Const)
	return constant || slices.ContainsFunc(err.Causes, misnamed)
}

// names returns what stands for the constants of the forms of a oneOf.
func names(err *jsonschema.ValidationError) []string {
	var list []string
	if c, ok := err.ErrorKind.(*kind.Const); ok {
		list = append(list, fmt.Sprint(c.Want))
	}
	for _, c := range err.Causes {
		list = append(list, names(c)...)
	}
	return list
}

// longestValue is how much of a wrong value an error repeats.
const longestValue = 200

// oneLine returns what is wrong, without the library's frame.
func oneLine(err *jsonschema.ValidationError) string {
	if len(err.Causes) > 0 {
		return "none of " + strings.Join(names(err), ", ")
	}
	if _, never := err.ErrorKind.(*kind.FalseSchema); never {
		return "that has no place here"
	}
	text := err.Error()
	if _, rest, found := strings.Cut(text, "\n- at "); found {
		text = rest
	}
	if _, rest, found := strings.Cut(text, ": "); found {
		text = rest
	}
	if runes := []rune(text); len(runes) > longestValue {
		text = string(runes[:longestValue]) + "…"
	}
	return strings.ReplaceAll(text, "\n", " ")
}

// pointer returns a place as a JSON pointer (RFC 6901).
func pointer(path []string) string {
	return "/" + strings.ReplaceAll(strings.Join(escapeAll(path), "/"), "\n", " ")
}

func escapeAll(path []string) []string {
	escaped := slices.Clone(path)
	for i, key := range escaped {
		escaped[i] = strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
	}
	return escaped
}
