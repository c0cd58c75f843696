package conform_test

import "github.com/espalier-hil/espalier/suites/peers"

// What is chance with a backend made of CryptoJS; README.md of package peers says
// why.
const (
	timing    = "^oracle/time-"
	pipelined = "^http/pipelined-replay$"
	lastBlock = "^envelope/(length-plus|append|duplicate-block-6)|^oracle/outer$|^forgery/every-byte$"
)

// judgements are how each peer is run, and what every run has to find.
var judgements = []judgement{
	{
		kind:    peers.NodeRED,
		devices: 48,
		not:     []string{timing, pipelined, lastBlock, "^oracle/unknown-device-ill-made$"},
		finds: map[string]string{
			"REQ-ENV-005":  "envelope/pad-zero",
			"REQ-ENV-006":  "envelope/inner-foreign-inside",
			"REQ-ENV-007":  "forgery/published",
			"REQ-ENV-008":  "payload/twice/seqn-replay-first",
			"REQ-ENV-009":  "payload/missing/data",
			"REQ-ENV-010":  "payload/utf8/lone-in-unknown-key",
			"REQ-ENV-011":  "payload/size/depth-5000",
			"REQ-SEQ-004":  "concurrency/identical-16",
			"REQ-SEQ-006":  "payload/type-from-121/string",
			"REQ-SEQ-007":  "http/device-quote-raw-comment",
			"REQ-SEQ-009":  "payload/data/quotes",
			"REQ-SEQ-013":  "payload/spelling-from-121/121-point-0",
			"REQ-RSP-003":  "oracle/last-byte",
			"REQ-RSP-005":  "http/device-percent-wrong",
			"REQ-HTTP-001": "http/device-or-true",
			"REQ-HTTP-004": "http/depth-10000-msg",
			"REQ-HTTP-005": "http/device-or-true",
			"REQ-HTTP-006": "http/body-msg-twice-last",
		},
	},
	{
		kind:    peers.Express,
		devices: 36,
		not:     []string{timing, pipelined, lastBlock},
		finds: map[string]string{
			"REQ-ENV-005":  "envelope/pad-zero",
			"REQ-ENV-006":  "envelope/inner-foreign-inside",
			"REQ-ENV-007":  "forgery/published",
			"REQ-ENV-008":  "payload/twice/seqn-replay-first",
			"REQ-ENV-009":  "payload/missing/data",
			"REQ-ENV-010":  "payload/utf8/lone-in-unknown-key",
			"REQ-ENV-011":  "payload/size/depth-512",
			"REQ-SEQ-004":  "concurrency/identical-16",
			"REQ-SEQ-006":  "payload/seqn-from-121/2-53",
			"REQ-SEQ-013":  "payload/spelling-from-121/121-point-0",
			"REQ-RSP-003":  "oracle/unknown-device",
			"REQ-RSP-005":  "http/body-no-json",
			"REQ-HTTP-004": "http/unended-body",
			"REQ-HTTP-006": "http/body-msg-twice-last",
		},
	},
	{
		kind:    peers.Python,
		devices: 32,
		not:     []string{timing, "^concurrency/.*-64$", "^envelope/(flip|drop|duplicate|swap|splice)-block", "^forgery/every-byte$", "^http/length-and-chunks-second$"},
		finds: map[string]string{
			"REQ-ENV-004":  "payload/grammar/number-nan",
			"REQ-ENV-006":  "envelope/inner-foreign-inside",
			"REQ-ENV-007":  "forgery/published",
			"REQ-ENV-008":  "payload/twice/seqn-replay-first",
			"REQ-ENV-010":  "envelope/inner-utf-16",
			"REQ-ENV-011":  "payload/size/depth-5000",
			"REQ-SEQ-006":  "payload/seqn-from-121/2-63",
			"REQ-HTTP-002": "http/type-text",
			"REQ-HTTP-003": "http/chunked",
			"REQ-HTTP-004": "http/unended-body",
			"REQ-HTTP-006": "http/type-missing",
		},
	},
}
