package oracle

import "strings"

// pipeline is code as it is written, and the dialects that it is known to have.
type pipeline struct {
	name     string
	dialects []string
}

var (
	inPython = []pipeline{
		{"naive", strings.Fields("unbounded-seqn float64-seqn fraction-seqn integral-seqn bool-seqn last-key-wins nan-json passing-surrogates bottomless-json float64-data reencoded-data")},
		{"bytes", strings.Fields("integral-seqn bool-seqn last-key-wins nan-json skipping-bom utf16-json passing-surrogates bottomless-json float64-data reencoded-data")},
		{"careful", strings.Fields("integral-seqn last-key-wins nan-json passing-surrogates bottomless-json float64-data reencoded-data")},
		{"first", strings.Fields("integral-seqn first-key-wins nan-json passing-surrogates bottomless-json float64-data reencoded-data")},
		{"truthy", strings.Fields("falsy-is-missing last-key-wins nan-json passing-surrogates bottomless-json float64-data reencoded-data")},
		{"converting", strings.Fields("integral-seqn converted-seqn truncated-seqn unbounded-seqn last-key-wins nan-json passing-surrogates bottomless-json float64-data reencoded-data")},
		{"text", strings.Fields("bounded-gap integral-seqn lexical-seqn last-key-wins nan-json passing-surrogates bottomless-json float64-data reencoded-data")},
		{"encoding", strings.Fields("integral-seqn refusing-surrogates last-key-wins nan-json passing-surrogates bottomless-json float64-data reencoded-data")},
		{"bounded", strings.Fields("integral-seqn nan-json bounded-gap bounded-text shallow-json last-key-wins passing-surrogates float64-data reencoded-data")},
		{"small", strings.Fields("integral-seqn nan-json bounded-gap bounded-text shallow-json last-key-wins passing-surrogates float64-data reencoded-data")},
	}
	inNode = []pipeline{
		{"loose", strings.Fields("float64-seqn fraction-seqn integral-seqn string-seqn js-coercion last-key-wins data-is-optional replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"safe", strings.Fields("safe-integer-seqn integral-seqn last-key-wins data-is-optional replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"decoder", strings.Fields("safe-integer-seqn integral-seqn last-key-wins data-is-optional skipping-bom replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"assign", strings.Fields("prototype-keys safe-integer-seqn integral-seqn last-key-wins data-is-optional replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"eval", strings.Fields("skipping-bom script-json prototype-keys float64-seqn fraction-seqn integral-seqn string-seqn js-coercion last-key-wins data-is-optional replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"truthy", strings.Fields("falsy-is-missing safe-integer-seqn integral-seqn last-key-wins replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"number", strings.Fields("converted-seqn float64-seqn fraction-seqn integral-seqn last-key-wins data-is-optional replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"parseInt", strings.Fields("converted-seqn prefix-seqn truncated-seqn float64-seqn integral-seqn last-key-wins data-is-optional replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"trunc", strings.Fields("truncated-seqn float64-seqn integral-seqn last-key-wins data-is-optional replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"int32", strings.Fields("bounded-gap int32-seqn truncated-seqn integral-seqn last-key-wins data-is-optional replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"uint32", strings.Fields("bounded-gap uint32-seqn truncated-seqn integral-seqn last-key-wins data-is-optional replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
		{"search", strings.Fields("prefix-seqn integral-seqn last-key-wins text-search unbounded-seqn first-key-wins data-is-optional replacing-characters passing-surrogates bottomless-json float64-data reencoded-data")},
	}
	inC = []pipeline{ // with cJSON
		{"double", strings.Fields("float64-seqn fraction-seqn integral-seqn first-key-wins case-insensitive-keys nul-terminated trailing-text passing-bytes loose-grammar refusing-surrogates bottomless-json skipping-bom digits15-data float64-data reencoded-data")},
		{"int", strings.Fields("clamped-seqn untyped-seqn integral-seqn first-key-wins case-insensitive-keys nul-terminated trailing-text passing-bytes loose-grammar refusing-surrogates bottomless-json skipping-bom digits15-data float64-data reencoded-data")},
	}
	inGo = []pipeline{
		{"uint64", strings.Fields("passing-bytes uint64-seqn unbounded-seqn zero-value case-insensitive-keys last-key-wins data-is-optional replacing-characters bottomless-json")},
		{"int64", strings.Fields("integral-seqn passing-bytes int64-seqn unbounded-seqn zero-value case-insensitive-keys last-key-wins data-is-optional replacing-characters bottomless-json")},
		{"uint32", strings.Fields("bounded-gap passing-bytes uint32-seqn zero-value case-insensitive-keys last-key-wins data-is-optional replacing-characters bottomless-json")},
		{"int32", strings.Fields("bounded-gap integral-seqn passing-bytes int32-seqn zero-value case-insensitive-keys last-key-wins data-is-optional replacing-characters bottomless-json")},
		{"float64", strings.Fields("passing-bytes float64-seqn fraction-seqn integral-seqn zero-value case-insensitive-keys last-key-wins data-is-optional replacing-characters bottomless-json")},
		{"any", strings.Fields("float64-seqn fraction-seqn integral-seqn last-key-wins data-is-optional replacing-characters bottomless-json float64-data reencoded-data")},
		{"decoder", strings.Fields("passing-bytes trailing-text uint64-seqn unbounded-seqn zero-value case-insensitive-keys last-key-wins data-is-optional replacing-characters bottomless-json")},
		{"number", strings.Fields("zero-value integral-seqn passing-bytes converted-seqn int64-seqn unbounded-seqn case-insensitive-keys last-key-wins data-is-optional replacing-characters bottomless-json")},
		{"digits", strings.Fields("integral-seqn passing-bytes uint64-seqn unbounded-seqn case-insensitive-keys last-key-wins data-is-optional replacing-characters bottomless-json")},
		{"digits uint32", strings.Fields("integral-seqn passing-bytes uint32-seqn bounded-gap case-insensitive-keys last-key-wins data-is-optional replacing-characters bottomless-json")},
		{"digits int32", strings.Fields("integral-seqn passing-bytes int32-seqn bounded-gap case-insensitive-keys last-key-wins data-is-optional replacing-characters bottomless-json")},
	}
)
