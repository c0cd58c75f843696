package vectors

// Construct is the recipe of a message: how to make the same defect again with
// another passphrase, salt and SEQN. Package construct executes it.
//
// A message is made in layers, and each op changes what one layer hands to the
// next; ops stand in the order of the layers:
//
//	text   plain, with ${SEQN} and ${FILL} replaced            search stretch recode
//	inner  base64(text)                                        inner-raw inner-text
//	padded inner ‖ padding                                     pad
//	key    EVP_BytesToKey(passphrase, salt)                    rekey
//	ct     AES-256-CBC(key, iv, padded)                        xor truncate append swap-blocks drop-block duplicate-block splice
//	raw    "Salted__" ‖ salt ‖ ct                              header
//	msg    base64(raw)                                         outer-text
type Construct struct {
	Plain    string `json:"plain,omitempty"`    // template of the text; this, or PlainHex, or neither for the empty text
	PlainHex string `json:"plainHex,omitempty"` // the same in hex, for bytes that are no UTF-8
	SEQN     string `json:"seqn,omitempty"`     // what stands for ${SEQN} in the file, in decimal
	SaltHex  string `json:"saltHex,omitempty"`  // the file's salt, 8 bytes; envelopes only
	Ops      []Op   `json:"ops,omitempty"`
}

// Op is one step away from a well-made message. Which of the fields belong to
// which op, and what they mean, is in README.md and in the schema.
type Op struct {
	Op    string `json:"op"`
	Style string `json:"style,omitempty"` // variant of the op
	At    *int   `json:"at,omitempty"`    // byte; below 0 it counts from the end
	N     *int   `json:"n,omitempty"`     // a count
	Block *int   `json:"block,omitempty"` // block of the ciphertext; below 0 it counts from the end
	To    *int   `json:"to,omitempty"`    // another block
	Hex   string `json:"hex,omitempty"`   // bytes
	Text  string `json:"text,omitempty"`
	Plain string `json:"plain,omitempty"` // splice: template of the other message
}
