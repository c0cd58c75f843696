package cli_test

import (
	"strings"
	"testing"
)

// A command line that makes no sense is exit code 2 and one line that says
// what is wrong with it.
func TestUsage(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "short.bin", "too short for a flash")
	write(t, "seqn.txt", "twelve")
	write(t, "blank.bin", strings.Repeat("\x00", 65536))
	long := strings.Repeat("x", 129)
	for _, tt := range []struct {
		args string // separated by blanks
		says string
	}{
		{"--nope", "unknown flag: --nope; try espalier --help"},
		{"rnu", "did you mean r"},
		{"help rnu", `no help on "rnu"`},
		{"run --nope", "try espalier run --help"},
		{"run virtual", `takes flags and no arguments, and got "virtual"`},
		{"run --board arduino", "known are esp-01, hobbyist, nodemcu-v2"},
		{"run --board none.yaml", "no such file"},
		{"run --labels &&&", "missing left hand operand"},
		{"run --suite vectors", "run has one suite, device; espalier vectors holds code"},
		{"run --list --suite vectors", "run has one suite, device"},
		{"run --only (", "missing closing )"},
		{"run --seed x", `invalid argument "x" for "--seed"`},
		{"run --server ftp://x", "neither auto, container or process, nor a URL"},
		{"run --server http://127.0.0.1:1", "needs --admin-url"},
		{"run --server http://127.0.0.1:1 --admin-url http://127.0.0.1:2", "needs the token"},
		{"run --server process --admin-url http://127.0.0.1:2", "name that with --server URL"},
		{"run --server http://127.0.0.1:1 --server-program /bin/true", "leave one of them out"},
		{"run --server-program /no/such/program", "--server-program: "},
		{"run --profile best", `--profile "best" is none of core, strict, secure, durable`},
		{"run --link carrier", `"carrier" is none of virtual, serial`},
		{"run --wire-addr here", "is not like 192.168.1.2:0"},
		{"run --device " + long, "has 1 to 32 bytes"},
		{"run --device=", "has 1 to 32 bytes"},
		{"run --passphrase " + long, "takes at most 128"},
		{"run --passphrase-file none", "--passphrase-file none: no such file"},
		{"run --passphrase a --passphrase-file short.bin", "leave one of them out"},
		{"run --flash board.bin --port /dev/ttyUSB0", "--flash is for the virtual board"},
		{"run --flash short.bin", "short.bin has 21 bytes, and the board's flash 4194304"},
		{"run --flash .", "no regular file"},
		{"run --out short.bin", "--out: "},
		{"run --rom short.bin", "--rom short.bin: virtual: not a mask ROM: 21 bytes, and it has 65536"},
		{"run --rom none", "--rom none: no such file"},
		{"run --rom .", "--rom .: it is no regular file"},
		{"run --rom blank.bin", "there is no code at its reset vector"},
		{"run --rom blank.bin --port /dev/ttyUSB0", "--rom is for the virtual board"},
		{"run --pace brisk", `invalid argument "brisk" for "--pace"`},
		{"run --pace real --port /dev/ttyUSB0", "--pace is for the virtual board"},
		{"virtual --pace brisk", `neither "none" nor "real"`},
		{"flash --rom short.bin", "espalier help rom tells how to get one"},
		{"monitor --rom short.bin", "espalier help rom tells how to get one"},
		{"rom", "has none to read; name a board with --port"},
		{"rom --rom short.bin", "espalier help rom tells how to get one"},
		{"rom --port /dev/ttyNONE --out short.bin", "--out: open short.bin: file exists"},
		{"virtual --rom short.bin", "espalier help rom tells how to get one"},
		{"flash --flash short.bin", "it is no flash of such a board"},
		{"flash a b", "takes one image, and got 2"},
		{"monitor --reset --board esp-01", "reset by hand"},
		{"virtual --flash short.bin", "it is no flash of such a board"},
		{"seal", "DATA is missing"},
		{"seal 1 2", "takes one DATA, and got 2 arguments"},
		{"seal 1", "no passphrase: name a file with --passphrase-file, or set ESPALIER_PASSPHRASE"},
		{"seal text --passphrase a", `'"text"'`},
		{"seal 1 --passphrase a --seqn 9007199254740991", "larger than 2^53-2"},
		{"seal 1 --passphrase a --salt 0102", "not 16 hexadecimal digits"},
		{"open", "MSG is missing"},
		{`open {"msg":1} --passphrase a`, `without a text under "msg"`},
		{"open {msg --passphrase a", "is no JSON"},
		{"send --passphrase a --url 127.0.0.1:1880", "is not like http://127.0.0.1:1880"},
		{"send --passphrase a text", `'"text"'`},
		{"send --passphrase a --count -1", "not be negative"},
		{"send --passphrase a --state seqn.txt", `holds "twelve"`},
		{"send --passphrase a --state none/seqn.txt", "writing --state: "},
		{"server", "--db is missing"},
		{"server --db a.db --nope", "try espalier server --help"},
		{"server a.db", "takes flags and no arguments"},
		{"version now", "takes flags and no arguments"},
	} {
		t.Run(tt.args[:min(60, len(tt.args))], func(t *testing.T) {
			got := call(t, "", strings.Fields(tt.args)...)
			got.wants(t, 2, tt.says)
			if !strings.HasPrefix(got.errs, "espalier: ") || strings.Count(got.errs, "\n") != 1 || got.out != "" {
				t.Errorf("want one line on stderr\nstdout:\n%s\nstderr:\n%s", got.out, got.errs)
			}
		})
	}
}
