package evidence

// Row is one requirement, and what the run says of it.
type Row struct {
	ID     string `json:"id"`
	Passed int    `json:"passed"` // tests that cite it
	Broken int    `json:"broken"` // tests that show it to be broken, expected or not
	NotRun int    `json:"notRun"` // tests that cite it and say nothing: skipped, not run, inconclusive
	State  State  `json:"state"`
}

// State sums a requirement up.
type State string

// The states.
const (
	Held     State = "held"
	Violated State = "broken"
	Untested State = "untested" // nothing has shown it
	Unseen   State = "hidden"   // it cannot be seen with what the target has
)

// Matrix returns a row for each requirement, in the order of the register.
func (r *Run) Matrix() []Row {
	rows := make([]Row, 0, len(r.Requirements))
	at := map[string]int{}
	for i, req := range r.Requirements {
		at[req.ID] = i
		rows = append(rows, Row{ID: req.ID})
	}
	for _, res := range r.Results {
		for _, id := range res.Blames() {
			if i, known := at[id]; known {
				rows[i].Broken++
			}
		}
		for _, id := range res.Reqs {
			i, known := at[id]
			switch v := res.Verdict; {
			case !known:
			case v == Pass || v == Limit || v == XPass:
				rows[i].Passed++
			case !v.Broken():
				rows[i].NotRun++
			}
		}
	}
	for i, req := range r.Requirements {
		switch row := &rows[i]; {
		case row.Broken > 0:
			row.State = Violated
		case req.Hidden:
			row.State = Unseen
		case row.Passed > 0:
			row.State = Held
		default:
			row.State = Untested
		}
	}
	return rows
}
