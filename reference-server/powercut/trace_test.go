package powercut_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/reference-server/powercut"
)

// record is what strace 6.1 writes: threads whose calls overlap, and
// some that are killed in one.
const record = `100  open("\x2f\x64\x2f\x66", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = 5<\x2f\x64\x2f\x66>
100  pwrite64(5<\x2f\x64\x2f\x66>, "\x61\x62\x63", 3, 4096) = 3
101  write(7<TCP:[127.0.0.1:1880->127.0.0.1:4711]>, "\x4f\x4b", 2 <unfinished ...>
100  fsync(5<\x2f\x64\x2f\x66> <unfinished ...>
101  <... write resumed>)              = 2
100  <... fsync resumed>)              = -1 EIO (Input/output error) (INJECTED)
102  read(8<\x2f\x64\x65\x76\x2f\x75<char 1:9>>,  <unfinished ...>
102  <... read resumed>"\x01", 44)     = 1
103  mmap(NULL, 262144, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f1212ae6000
--- SIGURG {si_signo=SIGURG} ---
100  ftruncate(5<\x2f\x64\x2f\x66>, 0 <unfinished ...>
100  <... ftruncate resumed>)          = ?
104  pwrite64(5<\x2f\x64\x2f\x66>, "\x61\x62", 2, 8192 <detached ...>
105  pwrite64(5<\x2f\x64\x2f\x66>, 0xc000180000, 4096, 8192 <detached ...>
100  +++ killed by SIGKILL +++
`

func TestParse(t *testing.T) {
	steps, err := powercut.Parse(strings.NewReader(strings.Replace(record, "--- SIGURG", "100  --- SIGURG", 1)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range steps {
		got = append(got, fmt.Sprintf("%s %t %q %d %t %s", s.Name, s.End, s.Args, s.Ret, s.Lost, s.Path))
	}
	want := []string{
		`open false ["/d/f" "O_RDWR|O_CREAT|O_CLOEXEC" "0600"] 5 false /d/f`,
		`open true ["/d/f" "O_RDWR|O_CREAT|O_CLOEXEC" "0600"] 5 false /d/f`,
		`pwrite64 false ["/d/f" "abc" "3" "4096"] 3 false `,
		`pwrite64 true ["/d/f" "abc" "3" "4096"] 3 false `,
		`write false ["TCP:[127.0.0.1:1880->127.0.0.1:4711]" "OK" "2"] 2 false `,
		`fsync false ["/d/f"] -1 false `,
		`write true ["TCP:[127.0.0.1:1880->127.0.0.1:4711]" "OK" "2"] 2 false `,
		`fsync true ["/d/f"] -1 false `,
		`read false ["/dev/u" "\x01" "44"] 1 false `,
		`read true ["/dev/u" "\x01" "44"] 1 false `,
		`mmap false ["NULL" "262144" "PROT_READ|PROT_WRITE" "MAP_PRIVATE|MAP_ANONYMOUS" "-1" "0"] 0 false `,
		`mmap true ["NULL" "262144" "PROT_READ|PROT_WRITE" "MAP_PRIVATE|MAP_ANONYMOUS" "-1" "0"] 0 false `,
		`ftruncate false ["/d/f" "0"] -1 true `,
		`ftruncate true ["/d/f" "0"] -1 true `,
		`pwrite64 false ["/d/f" "ab" "2" "8192"] -1 false `,
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("step %d:\n%q, want\n%q", i, got[i:min(i+1, len(got))], want[i:min(i+1, len(want))])
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		"100  nonsense\n",
		"100  <... write resumed>) = 2\n",
		"100  write(5, \"\\x6\", 1) = 1\n",
		"100  write(5, \"\\x61\"..., 9000) = 9000\n",
	} {
		if _, err := powercut.Parse(strings.NewReader(text)); !errors.Is(err, powercut.ErrTrace) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(record)
	f.Fuzz(func(t *testing.T, text string) {
		steps, err := powercut.Parse(strings.NewReader(text))
		if err != nil {
			return
		}
		disk := powercut.NewDisk("/d")
		for _, s := range steps {
			if disk.Apply(s) != nil {
				return
			}
		}
	})
}
