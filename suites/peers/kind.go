package peers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Kind is which peer; it is the name of its folder, too.
type Kind string

// The peers that there are.
const (
	NodeRED Kind = "nodered" // the original's flow, in Node-RED over SQLite, with CryptoJS
	Express Kind = "express" // Express, CryptoJS and SQLite
	Python  Kind = "python"  // http.server, sqlite3 and the openssl command
)

// Kinds returns all of them.
func Kinds() []Kind { return []Kind{NodeRED, Express, Python} }

// modulesVariable names the node_modules folder, here and in package need.
const modulesVariable = "ESPALIER_NODE_MODULES"

// sqliteAddon is what remains to be compiled after npm ci.
const sqliteAddon = "sqlite3/build/Release/node_sqlite3.node"

// modules are what a peer needs of node_modules.
var modules = map[Kind][]string{
	NodeRED: {"node-red", "node-red-node-sqlite", "crypto-js", sqliteAddon},
	Express: {"express", "crypto-js", sqliteAddon},
}

// command is how to start a peer, in its folder.
type command struct {
	path  string
	files []string // of the peer's folder here; the first is the program
	env   []string
}

// command returns how to start a peer of this kind, or an error that wraps
// ErrMissing.
func (k Kind) command(folder string) (command, error) {
	switch k {
	case NodeRED:
		return k.onNode(folder, "start.js", "flow.json")
	case Express:
		return k.onNode(folder, "server.js")
	case Python:
		python, err := look(k, "/usr/bin/python3", "python3")
		if err == nil {
			_, err = look(k, "openssl")
		}
		return command{path: python, files: []string{"server.py"}}, err
	}
	return command{}, fmt.Errorf("peers: no peer %q; there are %v", k, Kinds())
}

func (k Kind) onNode(folder string, files ...string) (command, error) {
	if folder == "" {
		folder = os.Getenv(modulesVariable)
	}
	if folder == "" {
		return command{}, fmt.Errorf("%w: %s needs the npm modules that make peers installs; name their folder in %s", ErrMissing, k, modulesVariable)
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return command{}, fmt.Errorf("peers: %w", err)
	}
	for _, name := range modules[k] {
		if _, err := os.Stat(filepath.Join(folder, filepath.FromSlash(name))); err != nil {
			return command{}, fmt.Errorf("%w: %s needs %s in %s, which make peers installs: %w", ErrMissing, k, name, folder, err)
		}
	}
	// Node-RED 5 wants Node 22. One comes with the modules, for Linux.
	node, err := look(k, filepath.Join(folder, ".bin", "node"), "node")
	return command{path: node, files: files, env: []string{"NODE_PATH=" + folder}}, err
}

// look returns the first of the programs called names that there is.
func look(k Kind, names ...string) (string, error) {
	var err error
	for _, name := range names {
		var path string
		if path, err = exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%w: %s needs it: %w", ErrMissing, k, err)
}
