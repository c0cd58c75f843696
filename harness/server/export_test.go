package server

// For tests: who owns a container cannot be seen from outside without one.
var (
	Owner        = owner
	Orphaned     = orphaned
	BuildContext = buildContext
	Dockerfile   = dockerfile
)

// The labels of an owner.
const (
	LabelHost  = labelHost
	LabelPID   = labelPID
	LabelStart = labelStart
)
