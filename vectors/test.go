package vectors

// Test is one case of any type: a pointer to one of the Test structs of this
// package.
type Test interface {
	// Common returns what all tests have.
	Common() *Case
}

// Case is what tests of every type have.
type Case struct {
	ID          string    `json:"id"`                     // path slug that begins with the file's suite; for ever
	Since       string    `json:"since"`                  // vectorsVersion that brought it
	Comment     string    `json:"comment"`                // what is special about it
	Flags       []string  `json:"flags"`                  // keys of the file's notes; at least one
	Reqs        []string  `json:"reqs"`                   // ids of requirements.json; at least one
	Importance  string    `json:"importance"`             // low, medium, high or critical
	Features    []string  `json:"features,omitempty"`     // what a runner must be able to do, or leave the test NOT RUN
	Result      Result    `json:"result"`                 // what the protocol says of it
	RejectStage []Stage   `json:"rejectStage,omitempty"`  // Invalid only: where rejection is right
	Expect      *Outcome  `json:"expect,omitempty"`       // Valid only, envelopes and payloads
	Permitted   []Outcome `json:"alternatives,omitempty"` // Acceptable only: all that is permitted, the strict one first
	Mistakes    []Outcome `json:"mistakes,omitempty"`     // wrong outcomes, each with the dialect that it betrays
}

// Common returns c itself.
func (c *Case) Common() *Case { return c }

// Features are those that the tests of this version ask for. A file may ask for
// others: whoever does not know one leaves its tests NOT RUN, and says so.
var Features = []string{"hook.restart", "hook.kill", "hook.provision", "hook.state", "patience"}

// Result is what the protocol says of a test.
type Result string

// The three results.
const (
	Valid      Result = "valid"      // must come out as Expect says
	Invalid    Result = "invalid"    // must be refused
	Acceptable Result = "acceptable" // one of Permitted; a profile can demand the first, see [Register.Narrow]
)

// Stage is a step of a backend at which a message can be refused, in the order
// in which a message passes them.
type Stage string

// The stages. Outside, a rejection looks the same at each of them; shims and
// logs can tell.
const (
	StageHTTP        Stage = "http"          // method, path, content type, size
	StageBody        Stage = "body-json"     // the body is an object with a string under msg
	StageDevice      Stage = "device-lookup" // the device is known
	StageOuterBase64 Stage = "outer-base64"
	StageMagic       Stage = "magic"
	StageLength      Stage = "length"
	StagePadding     Stage = "padding"
	StageInnerBase64 Stage = "inner-base64"
	StageInnerUTF8   Stage = "inner-utf8"
	StageInnerJSON   Stage = "inner-json" // one JSON object
	StageFields      Stage = "fields"     // data and SEQN, each key once
	StageSEQNType    Stage = "seqn-type"  // a plain integer from 0 to 2^53-2
	StageSEQNReplay  Stage = "seqn-replay"
)

// Stages are all of them, in their order.
var Stages = []Stage{
	StageHTTP, StageBody, StageDevice, StageOuterBase64, StageMagic, StageLength, StagePadding,
	StageInnerBase64, StageInnerUTF8, StageInnerJSON, StageFields, StageSEQNType, StageSEQNReplay,
}

// Outcome is what comes of one message.
type Outcome struct {
	Accept   bool    `json:"accept"`
	PlainHex *string `json:"plainHex,omitempty"` // envelopes: the text that was sealed, in hex
	Next     string  `json:"next,omitempty"`     // next afterwards, in decimal; "" where no reading comes of it; in a mistake as the code would print it
	Data     string  `json:"data,omitempty"`     // JSON text under data, byte for byte
	Stage    []Stage `json:"stage,omitempty"`    // where rejection is right, if it was rejected
	Dialect  string  `json:"dialect,omitempty"`  // key of dialects.json, if it was lenient or wrong
}

// KDFTest is a key derivation, always valid.
type KDFTest struct {
	Case
	PassphraseHex string       `json:"passphraseHex"` // bytes of the passphrase
	SaltHex       string       `json:"saltHex"`       // 8 bytes
	KeyHex        string       `json:"keyHex"`        // 32 bytes
	IVHex         string       `json:"ivHex"`         // 16 bytes
	WrongKeys     []KDFMistake `json:"wrongKeys,omitempty"`
}

// KDFMistake is what a derivation gives that makes one known mistake.
type KDFMistake struct {
	Dialect string `json:"dialect"` // key of dialects.json
	KeyHex  string `json:"keyHex"`
	IVHex   string `json:"ivHex"`
}

// EnvelopeTest is one text under "msg", opened with its group's passphrase.
// Where a reading comes of it, its group's next lets it in.
type EnvelopeTest struct {
	Case
	Msg       string    `json:"msg"` // the string exactly, after JSON's escapes are resolved
	Construct Construct `json:"construct"`
	Debug     *Debug    `json:"debug,omitempty"`
}

// Debug holds the steps between msg and its text, to find out which goes wrong.
type Debug struct {
	SaltHex   string `json:"saltHex"`
	KeyHex    string `json:"keyHex"`
	IVHex     string `json:"ivHex"`
	PaddedHex string `json:"paddedHex"` // what the ciphertext decrypts to, padding included
}

// PayloadTest is one text as it was sealed, read by a backend whose next is its
// group's.
type PayloadTest struct {
	Case
	PlainHex  string    `json:"plainHex"` // the text
	Construct Construct `json:"construct"`
}

// DeviceTest is a known answer that a board itself gives: what it derives from
// passphrase and salt, and the message that it makes of SEQN and data.
type DeviceTest struct {
	Case
	PassphraseHex string `json:"passphraseHex"`
	SaltHex       string `json:"saltHex"` // 8 bytes
	SEQN          string `json:"seqn"`    // decimal
	Data          string `json:"data"`    // JSON text, sealed as it stands
	KeyHex        string `json:"keyHex"`  // 32 bytes
	IVHex         string `json:"ivHex"`   // 16 bytes
	Msg           string `json:"msg"`     // base64
}
