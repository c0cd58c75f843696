package cli_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/harness/report"
)

// ends has the program itself end with each code. The commands are the shortest
// that do; what else leads there is tested where it belongs.
var ends = map[report.Code]func(t *testing.T, dir string) said{
	report.CodeOK:            command("seal 1 --passphrase x"),
	report.CodeNonconformant: command("open U2FsdGVkX18= --passphrase x"),
	report.CodeUsage:         command("seal"),
	report.CodeNothing:       command("run --only nothing.like.it"),
	report.CodeHarness: func(t *testing.T, dir string) said {
		got, _ := interrupt(t, "hold GPIO0 low", dir, "flash", "--board", "esp-01", "--port", terminal(t))
		return got
	},
	report.CodeUnreachable: command("send --passphrase x --url http://127.0.0.1:1"),
	report.CodePartial: func(t *testing.T, dir string) said {
		url := serve(t, dir, "12FA:"+passphrase+":0").URL()
		got, _ := interrupt(t, "accepted", dir, "send", "--url", url, "--passphrase", passphrase, "--count", "2", "--every", "1h")
		return got
	},
	report.CodeBoard: func(t *testing.T, dir string) said {
		return finish(t, espalier(t, dir, "flash", "--board", "esp-01", "--port", chip(t)))
	},
	report.CodePort:      command("flash --port /dev/ttyNONE"),
	report.CodeFlash:     command("flash /dev/null"),
	report.CodeBoot:      running(spins),
	report.CodeLink:      command("run --board esp-01 --link virtual"),
	report.CodeContainer: command("run --server container"),
	report.CodeCrash:     running(crashes),
	report.CodeServer:    command("server --db none/readings.db"),
}

// command returns what runs one command line, words apart, without Docker.
func command(line string) func(*testing.T, string) said {
	return func(t *testing.T, dir string) said {
		cmd := espalier(t, dir, strings.Fields(line)...)
		cmd.Env = append(os.Environ(), "DOCKER_HOST=tcp://127.0.0.1:9")
		return finish(t, cmd)
	}
}

// running flashes a program to a virtual board.
func running(program string) func(*testing.T, string) said {
	return func(t *testing.T, dir string) said {
		return finish(t, espalier(t, dir, "flash", write(t, dir+"/program.bin", program)))
	}
}

// Every code in the table is one that the program ends with.
func TestEveryExitCode(t *testing.T) {
	for _, code := range report.Codes() {
		end, known := ends[code]
		if !known {
			t.Errorf("nothing here ends with %d, %s", code, code)
			continue
		}
		t.Run(strings.ReplaceAll(code.String(), " ", "-"), func(t *testing.T) {
			t.Parallel()
			end(t, t.TempDir()).wants(t, int(code))
		})
	}
	if len(ends) != len(report.Codes()) {
		t.Errorf("%d codes are shown, and the table has %d", len(ends), len(report.Codes()))
	}
}

// There is one table: what help prints is in the program's own help and in the
// README, word for word, and what runs something points to it.
func TestOneTable(t *testing.T) {
	table := strings.TrimSpace(call(t, "", "help", "exit-codes").out)
	readme, err := os.ReadFile(source + "/../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for where, text := range map[string]string{"README.md": string(readme), "--help": call(t, "", "--help").out} {
		if !strings.Contains(text, table+"\n") {
			t.Errorf("%s has another table than this:\n%s", where, table)
		}
	}
	for _, name := range commands {
		if help := call(t, "", name, "--help").out; !strings.Contains(help, "espalier help exit-codes") {
			t.Errorf("%s --help does not say where the exit codes are", name)
		}
	}
}

// codeRow is what the table says of a code, in one line.
func codeRow(t *testing.T, code report.Code) string {
	t.Helper()
	_, rest, found := strings.Cut(call(t, "", "help", "exit-codes").out, fmt.Sprintf("\n  %2d  %s ", code, code))
	if !found {
		t.Fatalf("there is no row of %d, %s", code, code)
	}
	first, rest, _ := strings.Cut(rest, "\n")
	words := strings.Fields(first)
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, strings.Repeat(" ", 27)) {
			break
		}
		words = append(words, strings.Fields(line)...)
	}
	return strings.Join(words, " ")
}

// The shell gets the code, and not only its caller in Go.
func TestExitCodeOfTheShell(t *testing.T) {
	t.Parallel()
	sh := exec.CommandContext(t.Context(), "sh", "-c", `"$0" flash --port /dev/ttyNONE 2>/dev/null; echo $?`, program(t, "github.com/espalier-hil/espalier"))
	sh.Dir = t.TempDir()
	if got := finish(t, sh); got.out != "11\n" {
		t.Errorf("the shell sees %q", got.out)
	}
}
