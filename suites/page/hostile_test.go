package page_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// hostile is what a backend may answer, or a device say.
var hostile = []string{
	`</script><script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</style><style>*{display:none}`, `javascript:alert(1)`, `{{.}}`,
	"\u202egnp.exe\u2066", "\x00\x1b[2J\x07\x7f", "\xff\xc3\x28", "\u200b\ufeff\u00ad", "Z" + strings.Repeat("\u0321\u0309", 300),
	strings.Repeat("A", 100_000), strings.Repeat("<", 100_000), "]]>-->", "\r\n\t", "' onload='x", "\U000e0041", "שלום 12",
}

var (
	tags       = regexp.MustCompile(`<(/?)([a-zA-Z][a-zA-Z0-9]*)([^>]*?)(/?)>`)
	attributes = regexp.MustCompile(`([^\s="]+)(?:="([^"]*)"|=([^"\s]+))?`)
	fetches    = regexp.MustCompile(`url\(|@import`)
)

// void are elements that have no end, idle those that do nothing by themselves,
// and tame the attributes that say nothing but what something is.
var (
	void = words("meta link input")
	idle = words("html head title style body header main footer section article nav figure figcaption h1 h2 h3 h4 p ul ol li dl dt dd div span strong em code pre a label " +
		"details summary table thead tbody tr th td svg rect path text circle desc")
	tame = words("id class role scope lang charset name content http-equiv title type open rel for data-profile aria-label aria-labelledby aria-hidden viewBox preserveAspectRatio x y dx dy width height d cx cy r")
)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}

// complaints says what is wrong with a page: what it could run or fetch, what
// does not show as itself, ids that are there twice, links that lead nowhere,
// elements that do not end.
func complaints(html string) (list []string) {
	say := func(format string, args ...any) {
		if len(list) < 20 {
			list = append(list, fmt.Sprintf(format, args...))
		}
	}
	if !utf8.ValidString(html) {
		say("it is no UTF-8")
	}
	for _, r := range html {
		if r != '\n' && !unicode.IsPrint(r) {
			say("it has the character %U", r)
		}
	}
	style, body, _ := strings.Cut(html, "</style>")
	for _, m := range fetches.FindAllString(style, 5) {
		say("its style could fetch something: %.80q", m)
	}
	head, _, _ := strings.Cut(style, "<style>")
	there, links := map[string]bool{}, []string{}
	var open []string
	for _, m := range tags.FindAllStringSubmatch(head+"<style></style>"+body, -1) {
		name := m[2]
		if !idle[name] && !void[name] {
			say("it has an element %.40q", name)
		}
		for _, a := range attributes.FindAllStringSubmatch(m[3], -1) {
			switch value := a[2] + a[3]; {
			case a[1] == "id" && there[value]:
				say("the id %q is there twice", value)
			case a[1] == "id":
				there[value] = true
			case a[1] == "href" && strings.HasPrefix(value, "#"):
				links = append(links, value[1:])
			case a[1] == "href" && name == "link" && strings.HasPrefix(value, "data:image/svg+xml,"):
			case !tame[a[1]]:
				say("<%s> has the attribute %.40q, which is %.80q", name, a[1], value)
			}
		}
		switch {
		case void[name] || m[4] == "/":
		case m[1] == "":
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			say("</%s> ends %q", name, open)
			return list
		default:
			open = open[:len(open)-1]
		}
	}
	for _, to := range links {
		if !there[to] {
			say("the link to %.40q leads nowhere", to)
		}
	}
	if len(open) > 0 {
		say("%q do not end", open)
	}
	return list
}

// plant puts a text into every text there is, but for those that decide where
// something belongs, and returns how many there were.
func plant(v reflect.Value, text string) (n int) {
	switch v.Kind() {
	case reflect.String:
		switch v.Type() {
		case reflect.TypeFor[evidence.Verdict](), reflect.TypeFor[evidence.Outcome]():
			return 0
		}
		v.SetString(text)
		return 1
	case reflect.Pointer:
		if !v.IsNil() {
			return plant(v.Elem(), text)
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += plant(v.Index(i), text)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				n += plant(v.Field(i), text)
			}
		}
	}
	return n
}

// brief is sample with a few messages of each test.
func brief() *evidence.Run {
	r := sample()
	for i := range r.Results {
		if res := &r.Results[i]; len(res.Exchanges) > 3 {
			res.Exchanges = res.Exchanges[:3]
		}
	}
	return r
}

// No text of a report, wherever it stands, does anything on the page but show,
// and none of them makes it long.
func TestHostileTexts(t *testing.T) {
	plain := len(conformance(t, brief()))
	for _, text := range hostile {
		r := brief()
		if n := plant(reflect.ValueOf(r).Elem(), text); n < 200 {
			t.Fatalf("only %d texts", n)
		}
		r.Secrets = nil
		html := conformance(t, r)
		for _, c := range complaints(html) {
			t.Errorf("%.40q: %s", text, c)
		}
		if len(html) > 25*plain {
			t.Errorf("%.40q: %d bytes, and %d without", text, len(html), plain)
		}
		s := specs()
		plant(reflect.ValueOf(s).Elem(), text)
		html = run(t, s)
		for _, c := range complaints(html) {
			t.Errorf("%.40q: %s", text, c)
		}
	}
	// What decides where something belongs may be anything, too.
	for _, text := range hostile {
		r := brief()
		for i := range r.Results {
			r.Results[i].Verdict = evidence.Verdict(text)
			for k := range r.Results[i].Exchanges {
				r.Results[i].Exchanges[k].Outcome = evidence.Outcome(text)
			}
		}
		for _, c := range complaints(conformance(t, r)) {
			t.Errorf("%.40q: %s", text, c)
		}
	}
}

// A page that errs is found out.
func TestComplaints(t *testing.T) {
	good := conformance(t, sample())
	if list := complaints(good); len(list) > 0 {
		t.Fatal(list)
	}
	for name, edit := range map[string]struct{ old, new string }{
		"a script":                 {"<main>", "<main><script>1</script>"},
		"a handler":                {"<main>", `<main onclick="x()">`},
		"a picture from elsewhere": {"<main>", `<main><img src="http://x/y">`},
		"a link to elsewhere":      {`href="#facts"`, `href="https://x/"`},
		"a link to nowhere":        {`href="#facts"`, `href="#fact"`},
		"a style":                  {"<main>", `<main style="x">`},
		"an import":                {"<style>", "<style>@import"},
		"an id twice":              {`id="facts"`, `id="tests"`},
		"a control character":      {"12FA", "12\x00FA"},
		"a turn of direction":      {"12FA", "12\u202eFA"},
		"no UTF-8":                 {"12FA", "12\xffFA"},
		"an open element":          {"</main>", ""},
	} {
		if bad := strings.Replace(good, edit.old, edit.new, 1); bad == good || len(complaints(bad)) == 0 {
			t.Errorf("%s: nobody notices", name)
		}
	}
}

// No page holds a passphrase, in whatever spelling.
func TestRedaction(t *testing.T) {
	for _, form := range []string{secret, "a%20secret%3F%20100%25%20%C3%BC", "YSBzZWNyZXQ/IDEwMCUgw7w=", "6120736563726574"} {
		r := sample()
		plant(reflect.ValueOf(r).Elem(), form)
		r.Secrets = []string{secret}
		html := text(conformance(t, r))
		if strings.Contains(html, form) && len(form) > 16 || strings.Contains(html, "a secret") {
			t.Errorf("it has %s", form)
		}
	}
}

// FuzzTexts puts anything where a backend's words stand.
func FuzzTexts(f *testing.F) {
	for _, text := range hostile {
		f.Add(text[:min(len(text), 200)], "7", "8")
	}
	f.Add("x", "9007199254740990", "0")
	f.Add("x", "18446744073709551615", "18446744073709551615")
	f.Fuzz(func(t *testing.T, text, seqn, next string) {
		r := sample()
		r.Results = r.Results[1:2]
		res := &r.Results[0]
		res.Why, res.ID, res.Dialect, res.Reqs = text, text, text, append(res.Reqs, text)
		for i := range res.Exchanges {
			x := &res.Exchanges[i]
			x.Device, x.Answer, x.Sent, x.What, x.SEQN, x.Next = text, text, text, text, seqn, next
		}
		for _, c := range complaints(conformance(t, r)) {
			t.Error(c)
		}
	})
}
