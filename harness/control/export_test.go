package control

// SetID makes the next command carry the id after id.
func (c *Client) SetID(id int) { c.id = id }
