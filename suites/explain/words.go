package explain

import "github.com/espalier-hil/espalier/vectors"

// bugTypes says in words what kind of mistake a note's tests look for.
var bugTypes = map[string]string{
	"BASIC":              "the basics",
	"EDGE_CASE":          "an edge that is easily forgotten",
	"LEGACY":             "something that older programs do",
	"FUNCTIONALITY":      "something that has to work",
	"WRONG_PRIMITIVE":    "another algorithm in place of the right one",
	"MODIFIED_PARAMETER": "a parameter that was changed",
	"MISSING_STEP":       "a step that is left out",
	"MALLEABILITY":       "an edit that goes unnoticed",
	"AUTH_BYPASS":        "a message from somebody without the key",
	"REPLAY":             "something old that passes for new",
	"CONFIDENTIALITY":    "something that should have stayed secret",
	"ORACLE":             "an answer that gives secrets away",
	"TYPE_CONFUSION":     "a value of one type taken for another",
	"NUMERIC_RANGE":      "a number that does not fit",
	"RACE":               "two things at once",
	"DURABILITY":         "something that is gone after a power cut",
	"ISOLATION":          "one device that disturbs another",
	"DENIAL_OF_SERVICE":  "a service that stops",
	"KNOWN_BUG":          "a bug that is out in the world",
}

// stageWords says what is looked at in each stage.
var stageWords = map[vectors.Stage]string{
	vectors.StageHTTP:        "method, path, content type and size of the request",
	vectors.StageBody:        "the body is an object with a string under msg",
	vectors.StageDevice:      "the device is known",
	vectors.StageOuterBase64: "msg is base64, spelled as RFC 4648 does",
	vectors.StageMagic:       "it begins with Salted__",
	vectors.StageLength:      "whole blocks follow, at least one",
	vectors.StagePadding:     "the last block ends in PKCS#7",
	vectors.StageInnerBase64: "what was sealed is base64, spelled as RFC 4648 does",
	vectors.StageInnerUTF8:   "the text in it is UTF-8",
	vectors.StageInnerJSON:   "the text is one JSON object",
	vectors.StageFields:      "data and SEQN are there, no key twice",
	vectors.StageSEQNType:    "SEQN is a plain integer from 0 to 2^53-2",
	vectors.StageSEQNReplay:  "SEQN is not below next",
}
