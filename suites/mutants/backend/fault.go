package main

import (
	"slices"
	"strings"
)

// fault is one way of getting the protocol wrong. To plant it is to replace one
// step of a backend that is right; the text of each is in the register of package
// mutants, under the same name.
type fault struct {
	name  string
	plant func(*backend)
}

// faults is every fault that can be planted, by the layer in which it lies.
var faults = slices.Concat(codecFaults, objectFaults, numberFaults, sequenceFaults, storeFaults, replyFaults, idFaults, httpFaults, resyncFaults)

// find returns the fault of that name.
func find(name string) (fault, bool) {
	i := slices.IndexFunc(faults, func(f fault) bool { return f.name == name })
	if i < 0 {
		return fault{}, false
	}
	return faults[i], true
}

// names returns the names of all faults, a line for each.
func names() string {
	var list strings.Builder
	for _, f := range faults {
		list.WriteString(f.name + "\n")
	}
	return list.String()
}
