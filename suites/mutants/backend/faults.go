package main

// fault is one way of getting the protocol wrong.
type fault string

// The faults that can be planted. Each is a mistake that a backend in the
// field has made, or nearly.
const (
	offByOne      fault = "off-by-one"      // the number accepted last is accepted again
	noGaps        fault = "no-gaps"         // only the very next number is accepted
	race          fault = "race"            // check and update are two steps
	forgets       fault = "forgets"         // a restart goes back to the number of provisioning
	buffers       fault = "buffers"         // OK is said while the reading is in a buffer
	countsRefused fault = "counts-refused"  // a refusal moves next
	locksOut      fault = "locks-out"       // a refusal locks the device out
	missesGaps    fault = "misses-gaps"     // missing messages are not counted
	dropsData     fault = "drops-data"      // OK is said and nothing stored
	rewritesData  fault = "rewrites-data"   // data is decoded and encoded anew
	lenient       fault = "lenient"         // padding and base64 are read as CryptoJS does
	adopts        fault = "adopts"          // an unknown device is created
	replaysAfter  fault = "forgets-replays" // only the last three envelopes are remembered, SEQN is not looked at
	staleNext     fault = "stale-next"      // resync tells the number of provisioning
	ignoresNonce  fault = "ignores-nonce"   // resync tells a nonce of its own
	repeatsSalt   fault = "repeats-salt"    // resync seals every answer under one salt
	resyncData    fault = "resync-data"     // what answers a resync has data, and passes for a reading
)

var faults = []fault{offByOne, noGaps, race, forgets, buffers, countsRefused, locksOut, missesGaps, dropsData, rewritesData, lenient, adopts, replaysAfter,
	staleNext, ignoresNonce, repeatsSalt, resyncData}
