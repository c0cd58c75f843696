package shim

import (
	"slices"

	"github.com/espalier-hil/espalier/vectors"
)

// stages are the words that a program can say under reject, if it knows them;
// any other text says only that it rejects.
var stages = []vectors.Stage{
	vectors.StageOuterBase64, vectors.StageMagic, vectors.StageLength, vectors.StagePadding, vectors.StageInnerBase64,
	vectors.StageInnerUTF8, vectors.StageInnerJSON, vectors.StageFields, vectors.StageSEQNType, vectors.StageSEQNReplay,
}

func known(stage vectors.Stage) bool { return slices.Contains(stages, stage) }
