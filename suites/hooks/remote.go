package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// client goes to no other address than the one it is given: the passphrase goes
// with it.
var client = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// post asks a URL.
func post(ctx context.Context, u string, q asked) (said, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := bounded(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("POST %s: %s: %s", u, resp.Status, text)
	}
	return text, err
}
