package vectors

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

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
		if err := compiler.AddResource(e.Name(), doc); err != nil {
			panic(fmt.Sprintf("schema/%s: %v", e.Name(), err))
		}
	}
	set := map[string]*jsonschema.Schema{}
	for _, e := range entries {
		set[strings.TrimSuffix(e.Name(), ".v"+Format+".schema.json")] = compiler.MustCompile(e.Name())
	}
	return set
})

// Validate holds text against the schema called name: a suite's name, or
// requirements, dialects, suite. The error is one line with the place and what
// is wrong there.
func Validate(name string, text []byte) error {
	schema, known := schemas()[name]
	if !known {
		return fmt.Errorf("there is no schema for %q", name)
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
		for len(all.Causes) > 0 {
			all = deepest(all.Causes)
		}
		return fmt.Errorf("at /%s: %s", strings.Join(all.InstanceLocation, "/"), oneLine(all))
	}
	return nil
}

// deepest returns the cause that looks furthest into the document: of several
// branches that do not match, the one that came closest to.
func deepest(causes []*jsonschema.ValidationError) *jsonschema.ValidationError {
	best := causes[0]
	for _, c := range causes[1:] {
		if len(c.InstanceLocation) > len(best.InstanceLocation) {
			best = c
		}
	}
	return best
}

// oneLine returns the error's text without the library's frame.
func oneLine(err *jsonschema.ValidationError) string {
	text := err.Error()
	if _, rest, found := strings.Cut(text, "\n- at "); found {
		text = rest
	}
	if _, rest, found := strings.Cut(text, ": "); found {
		text = rest
	}
	return strings.ReplaceAll(text, "\n", " ")
}
