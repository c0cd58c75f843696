package explore

// Blame returns the requirements that a history shows to be broken, as far as it
// tells one from the other: the shorter it is, the better it does. Nothing is
// returned where the recipe of the last step decides, or where there was no
// answer.
func Blame(h History, f *Failure) []string {
	before := h[:min(f.At, len(h))]
	refusal := before.Has(Stale, Replay, Refused, Stranger)
	again := before.Has(Restart, Kill)
	accepted := before.Has(Next, Gap, Burst)
	several := len(h.Devices()) > 1
	switch {
	case f.Got == IsSilent:
		return nil
	case f.Kind == "" && f.What == "missing":
		return []string{"REQ-SEQ-011"}
	case f.Kind == Refused:
		return nil
	case f.Kind == Stranger:
		return []string{"REQ-HTTP-001"}
	case f.Kind == Burst:
		return []string{"REQ-SEQ-004"}
	case again && f.Got == IsAccepted:
		return []string{"REQ-SEQ-005", "REQ-SEQ-012"}
	case again:
		return []string{"REQ-SEQ-005"}
	case several:
		return []string{"REQ-SEQ-008"}
	case f.Got == IsRefused && refusal:
		return []string{"REQ-SEQ-007", "REQ-SEQ-010"}
	case f.Kind == Gap:
		return []string{"REQ-SEQ-003"}
	case refusal:
		return []string{"REQ-SEQ-001", "REQ-SEQ-007"}
	case accepted:
		return []string{"REQ-SEQ-001", "REQ-SEQ-002"}
	}
	return []string{"REQ-SEQ-001"}
}
