package main

import "github.com/espalier-hil/espalier/vectors"

// recipe is the ops of a case, in order.
type recipe []vectors.Op

// arg sets one field of an op.
type arg func(*vectors.Op)

func at(n int) arg            { return func(o *vectors.Op) { o.At = &n } }
func n(n int) arg             { return func(o *vectors.Op) { o.N = &n } }
func block(n int) arg         { return func(o *vectors.Op) { o.Block = &n } }
func toBlock(n int) arg       { return func(o *vectors.Op) { o.To = &n } }
func hexed(s string) arg      { return func(o *vectors.Op) { o.Hex = s } }
func text(s string) arg       { return func(o *vectors.Op) { o.Text = s } }
func otherPlain(s string) arg { return func(o *vectors.Op) { o.Plain = s } }
func styled(s string) arg     { return func(o *vectors.Op) { o.Style = s } }
func (r recipe) and(name string, args ...arg) recipe {
	return append(r[:len(r):len(r)], do(name, args...)...)
}

// do is a recipe of one op.
func do(name string, args ...arg) recipe {
	o := vectors.Op{Op: name}
	for _, a := range args {
		a(&o)
	}
	return recipe{o}
}

// The ops by the layer that they change.
func pad(style string, args ...arg) recipe    { return do("pad", append(args, styled(style))...) }
func rekey(style string, args ...arg) recipe  { return do("rekey", append(args, styled(style))...) }
func header(style string, args ...arg) recipe { return do("header", append(args, styled(style))...) }
func outer(style string, args ...arg) recipe  { return do("outer-text", append(args, styled(style))...) }
func inner(style string, args ...arg) recipe  { return do("inner-text", append(args, styled(style))...) }
func xor(i int, mask string) recipe           { return do("xor", at(i), hexed(mask)) }

// stretched makes room in the text, so that the defect is the same for SEQNs of
// every length.
func stretched(style string, size int) recipe { return do("stretch", styled(style), n(size)) }
