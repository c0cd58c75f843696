package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/espalier-hil/espalier/reference-server/envelope"
)

// database leaves check and store to one UPDATE in one transaction of SQLite's.
type database struct {
	uniform
	db *sql.DB
}

func openSQLite(file string) (kind, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+
		"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	if file == "" {
		db.SetMaxOpenConns(1) // a database in memory belongs to its connection
	}
	_, err = db.Exec(`
		CREATE TABLE IF NOT EXISTS device (id TEXT PRIMARY KEY, passphrase TEXT NOT NULL, next INTEGER NOT NULL, accepted INTEGER NOT NULL, missing INTEGER NOT NULL);
		CREATE TABLE IF NOT EXISTS reading (device TEXT NOT NULL, seqn INTEGER NOT NULL, received INTEGER NOT NULL, data BLOB NOT NULL);
		CREATE INDEX IF NOT EXISTS of_device ON reading (device, seqn)`)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return database{db: db}, nil
}

func (s database) provision(id, passphrase string, next uint64) error {
	_, err := s.db.Exec(`
		INSERT INTO device VALUES (?1, ?2, ?3, 0, 0) ON CONFLICT (id) DO UPDATE
		SET next = CASE passphrase WHEN ?2 THEN max(next, ?3) ELSE ?3 END,
			accepted = CASE passphrase WHEN ?2 THEN accepted ELSE 0 END, missing = CASE passphrase WHEN ?2 THEN missing ELSE 0 END, passphrase = ?2`, id, passphrase, next)
	return err
}

func (s database) device(id string) (d device, readings []reading, known bool) {
	err := s.db.QueryRow("SELECT id, passphrase, next, accepted, missing FROM device WHERE id = ?", id).Scan(&d.ID, &d.passphrase, &d.Next, &d.Accepted, &d.Missing)
	if err != nil {
		return d, nil, false
	}
	rows, err := s.db.Query("SELECT seqn, received, data FROM reading WHERE device = ? ORDER BY seqn", id)
	if err != nil {
		return d, nil, false
	}
	defer rows.Close()
	for rows.Next() {
		var r reading
		var received int64
		if err := rows.Scan(&r.SEQN, &received, &r.Data); err != nil {
			return d, nil, false
		}
		r.Received = time.UnixMicro(received)
		readings = append(readings, r)
	}
	return d, readings, rows.Err() == nil
}

func (s database) accept(id, msg string) error {
	var passphrase string
	if err := s.db.QueryRow("SELECT passphrase FROM device WHERE id = ?", id).Scan(&passphrase); err != nil {
		return errUnknown
	}
	got, err := envelope.Open(passphrase, msg)
	if err != nil {
		return err
	}
	tx, err := s.db.BeginTx(context.Background(), nil) // BEGIN IMMEDIATE, says the DSN
	if err != nil {
		return err
	}
	defer tx.Rollback()
	moved, err := tx.Exec(`
		UPDATE device SET next = ?3 + 1, accepted = accepted + 1, missing = CASE accepted WHEN 0 THEN 0 ELSE missing + ?3 - next END
		WHERE id = ?1 AND passphrase = ?2 AND next <= ?3`, id, passphrase, got.SEQN)
	if err != nil {
		return err
	}
	if n, err := moved.RowsAffected(); err != nil || n != 1 {
		return errors.Join(errReplayed, err)
	}
	if _, err := tx.Exec("INSERT INTO reading VALUES (?, ?, ?, ?)", id, got.SEQN, time.Now().UnixMicro(), got.Data); err != nil {
		return err
	}
	return tx.Commit()
}

func (s database) close() error { return s.db.Close() }
