// Package sheet reads YAML as people fill it in by hand: one document, without
// tags, anchors and aliases, which nobody needs there and on some of which
// goccy/go-yaml panics.
package sheet

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// ErrSheet reports a text that is no such document, or not of the form wanted.
var ErrSheet = errors.New("sheet: not to be read")

// max bounds a sheet, in bytes.
const max = 1 << 20

// Parse reads a document. Its errors, of one line that names the place, wrap
// ErrSheet. The document of an empty text has no body.
func Parse(text []byte) (*ast.DocumentNode, error) {
	if len(text) > max {
		return nil, fmt.Errorf("%w: it has more than %d bytes", ErrSheet, max)
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrSheet, first(err))
	}
	switch len(file.Docs) {
	case 0:
		return &ast.DocumentNode{}, nil
	case 1:
	default:
		return nil, fmt.Errorf("%w: it is %d documents, and should be one", ErrSheet, len(file.Docs))
	}
	var found visitor
	if file.Docs[0].Body != nil {
		ast.Walk(&found, file.Docs[0].Body)
	}
	if found.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSheet, found.err)
	}
	return file.Docs[0], nil
}

// Decode parses a document into what v points to. A key that v has no place for,
// or that stands there twice, is an error that names its line.
func Decode(text []byte, v any) (*ast.DocumentNode, error) {
	doc, err := Parse(text)
	if err != nil {
		return nil, err
	}
	if err := yaml.UnmarshalWithOptions(text, v, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrSheet, first(err))
	}
	return doc, nil
}

// visitor finds the first node that is not plain.
type visitor struct{ err error }

// Visit implements [ast.Visitor].
func (v *visitor) Visit(n ast.Node) ast.Visitor {
	switch n.(type) {
	case *ast.TagNode, *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		if v.err == nil {
			v.err = fmt.Errorf("line %d: tags, anchors and aliases are not read here", n.GetToken().Position.Line)
		}
		return nil
	}
	return v
}

// first returns the first line of an error, which has the place and the reason.
func first(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
