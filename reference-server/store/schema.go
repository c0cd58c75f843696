package store

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/espalier-hil/espalier/reference-server/seqn"
)

var (
	// ErrUnwritable reports a file that this process may not write or create.
	ErrUnwritable = errors.New("not writable")

	// ErrLocked reports a file that another process has open.
	ErrLocked = errors.New("in use by another process")

	// ErrCorrupt reports a file that is damaged, or no SQLite database at all.
	ErrCorrupt = errors.New("damaged, or not a database")

	// ErrForeign reports a sound database that something else made, or a later
	// version of this package.
	ErrForeign = errors.New("not a database of this server")

	// ErrFull reports that there is no space left where the file is. What was to
	// be stored is not; calls succeed again once there is space.
	ErrFull = errors.New("no space left on the disk")

	// ErrDisk reports a disk that could not be read or written.
	ErrDisk = errors.New("the disk failed")

	// ErrClosed reports a call that came after Close.
	ErrClosed = errors.New("store: closed")
)

// application marks our files in the header ("ESPL"), as file(1) and SQLite's
// application_id suggest; version counts the changes of schema.
const (
	application = 0x4553504c
	version     = 2
)

// schema is what each version added to the one before.
//
// A series is the time under one passphrase: a new passphrase begins a new one,
// with its own numbers. The primary key of reading says once more, and to SQLite
// itself, that no number is stored twice. What was imported is in past.
var schema = [version]string{`
CREATE TABLE device (
	id         BLOB    NOT NULL PRIMARY KEY,
	passphrase BLOB    NOT NULL,
	series     INTEGER NOT NULL,
	next       INTEGER NOT NULL, -- the lowest SEQN that is still accepted
	accepted   INTEGER NOT NULL,
	missing    INTEGER NOT NULL,
	last_seen  INTEGER           -- Unix time in nanoseconds of the last accepted message
) STRICT, WITHOUT ROWID;

CREATE TABLE reading (
	device   BLOB    NOT NULL,
	series   INTEGER NOT NULL,
	seqn     INTEGER NOT NULL,
	received INTEGER NOT NULL, -- Unix time in nanoseconds
	data     BLOB    NOT NULL, -- JSON, byte for byte as it came
	PRIMARY KEY (device, series, seqn)
) STRICT, WITHOUT ROWID;
`, `
CREATE TABLE past (
	device   BLOB    NOT NULL,
	row      INTEGER NOT NULL, -- of the database that it came from
	seqn     INTEGER,
	received INTEGER,          -- Unix time in nanoseconds
	data     BLOB    NOT NULL, -- JSON
	PRIMARY KEY (device, row)
) STRICT, WITHOUT ROWID;
`}

// lastNext is what next is after the highest number was accepted.
const lastNext = seqn.Max + 1

// identify checks that the file is empty or ours, and notes the version of its
// schema, 0 if it has none yet.
func (s *Store) identify() error {
	var app, ver, tables int
	for pragma, into := range map[string]*int{
		"PRAGMA application_id":              &app,
		"PRAGMA user_version":                &ver,
		"SELECT count(*) FROM sqlite_schema": &tables,
	} {
		if err := s.db.QueryRow(pragma).Scan(into); err != nil {
			return err
		}
	}
	switch {
	case app == application && 1 <= ver && ver <= version:
		s.found = ver
	case app == application:
		return fmt.Errorf("%w: schema version %d, this server knows %d", ErrForeign, ver, version)
	case app != 0 || ver != 0 || tables != 0:
		return fmt.Errorf("%w: application id %#x, version %d, %d tables", ErrForeign, app, ver, tables)
	}
	return nil
}

// migrate creates what the schema lacks.
func (s *Store) migrate() error {
	if s.found == version {
		return nil
	}
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	steps := strings.Join(schema[s.found:], "")
	_, err = tx.Exec(fmt.Sprintf("%s PRAGMA application_id = %d; PRAGMA user_version = %d;", steps, application, version))
	if err != nil {
		return err
	}
	return tx.Commit()
}

// classify puts the sentinel of its class in front of an error of SQLite or of
// the file system.
func classify(err error) error {
	class := func(sentinel error) error { return fmt.Errorf("%w: %w", sentinel, err) }

	if failure, ok := errors.AsType[*sqlite.Error](err); ok {
		switch failure.Code() & 0xff { // the rest is detail
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return class(ErrLocked)
		case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
			return class(ErrCorrupt)
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
			return class(ErrUnwritable)
		case sqlite3.SQLITE_FULL:
			return class(ErrFull)
		case sqlite3.SQLITE_IOERR:
			if failure.Code() == sqlite3.SQLITE_IOERR_LOCK { // of a file system that is mounted read-only, or that has no locks
				return class(ErrUnwritable)
			}
			return class(ErrDisk)
		}
	}
	if errors.Is(err, syscall.ENOSPC) {
		return class(ErrFull)
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) ||
		errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.EISDIR) {
		return class(ErrUnwritable)
	}
	return err
}
