package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/reference-server/object"
)

// door is where devices come in.
type door struct{ kind }

const maxBody = 64 << 10

func (k door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/healthz" {
		return
	}
	name, found := strings.CutPrefix(r.URL.EscapedPath(), "/data/")
	id, err := url.PathUnescape(name)
	media, _, mediaErr := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case !found || err != nil || id == "" || strings.Contains(name, "/") || !utf8.ValidString(id):
		http.Error(w, "no such page", http.StatusNotFound)
		return
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	case mediaErr != nil || media != "application/json" || r.Header.Get("Content-Encoding") != "":
		http.Error(w, "JSON only", http.StatusUnsupportedMediaType)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		http.Error(w, "broken off", http.StatusBadRequest)
		return
	}
	msg, err := message(body)
	if err == nil {
		err = k.accept(id, msg)
	}
	if err != nil {
		k.refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"status":"OK"}`)
}

func message(body []byte) (msg string, err error) {
	found := false
	err = object.Members(body, func(key, value []byte) (err error) {
		if string(key) == "msg" {
			found = true
			msg, err = object.String(value)
		}
		return err
	})
	if err != nil || !found {
		return "", errBody
	}
	return msg, nil
}

// uniform refuses everything alike.
type uniform struct{}

func (uniform) refuse(w http.ResponseWriter, _ error) {
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"status":"NOT OK"}`)
}

// office is the admin API.
func office(k kind) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /devices/{id}", func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Passphrase string `json:"passphrase"`
			Next       uint64 `json:"next"`
		}
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		if err := k.provision(r.PathValue("id"), body.Passphrase, body.Next); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		d, _, _ := k.device(r.PathValue("id"))
		json.NewEncoder(w).Encode(d)
	})
	mux.HandleFunc("GET /devices/{id}", func(w http.ResponseWriter, r *http.Request) {
		if d, _, known := k.device(r.PathValue("id")); known {
			json.NewEncoder(w).Encode(d)
			return
		}
		http.NotFound(w, r)
	})
	mux.HandleFunc("GET /devices/{id}/readings", func(w http.ResponseWriter, r *http.Request) {
		_, readings, known := k.device(r.PathValue("id"))
		if !known {
			http.NotFound(w, r)
			return
		}
		from, _ := strconv.ParseUint(r.FormValue("from"), 10, 64)
		w.Write([]byte(`{"more":false,"readings":[`))
		comma := ""
		for _, one := range readings {
			if one.SEQN >= from {
				fmt.Fprintf(w, `%s{"seqn":%d,"data":%s,"received":%q}`, comma, one.SEQN, one.Data, one.Received.Format(time.RFC3339Nano))
				comma = ","
			}
		}
		w.Write([]byte("]}"))
	})
	token := "Bearer " + os.Getenv("ESPALIER_ADMIN_TOKEN")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/healthz":
		case r.Header.Get("Authorization") != token:
			http.Error(w, "no", http.StatusUnauthorized)
		default:
			mux.ServeHTTP(w, r)
		}
	})
}
