package report

import "slices"

// Row is one requirement, and what the run says of it.
type Row struct {
	Requirement
	Counts
}

// Verdict sums the row up: fail if any spec failed, pass if all passed, skip if
// one or more were not tried. A requirement that no spec cites is "untested".
func (row Row) Verdict() string {
	switch {
	case row.Fail > 0:
		return "fail"
	case row.Skip > 0:
		return "skip"
	case row.Pass > 0:
		return "pass"
	}
	return "untested"
}

// Matrix returns a row for each requirement, in the order of the register,
// then one for each id that a result cites though it is not in the register.
func (r *Run) Matrix() []Row {
	rows := make([]Row, 0, len(r.Requirements))
	at := map[string]int{}
	row := func(req Requirement) *Row {
		i, ok := at[req.ID]
		if !ok {
			i = len(rows)
			at[req.ID] = i
			rows = append(rows, Row{Requirement: req})
		}
		return &rows[i]
	}
	for _, req := range r.Requirements {
		row(req)
	}
	for _, res := range r.Results {
		ids := slices.Compact(slices.Sorted(slices.Values(res.Requirements)))
		for _, id := range ids {
			row(Requirement{ID: id}).add(res.Status)
		}
	}
	return rows
}
