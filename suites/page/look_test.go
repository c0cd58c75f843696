package page_test

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/espalier-hil/espalier/suites/evidence"
)

// shots is the variable that names a folder for the pictures that the browser
// makes, for people to look at; and with report.json files in it, for those to
// be looked at, too.
const shots = "ESPALIER_SHOTS"

// looks are how pages are looked at.
var looks = []look{{width: 1280, height: 2400}, {width: 1280, height: 2400, dark: true}, {width: 390, height: 3200}, {width: 390, height: 3200, dark: true}, {width: 900, height: 2400, paper: true}}

// overflow names what reaches out of the page to the right, but for what scrolls
// by itself.
const overflow = `(() => {
  const wide = [], width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) wide.push('the page, ' + document.documentElement.scrollWidth + ' of ' + width);
  for (const e of document.body.querySelectorAll('*')) {
    if (e.closest('nav, svg, thead') || !e.checkVisibility()) continue;
    const r = e.getBoundingClientRect();
    if (r.right > width + 1 && r.width > 0) wide.push(e.tagName + '.' + e.className + ': ' + e.textContent.slice(0, 40));
  }
  return wide.slice(0, 10);
})()`

// faint names texts whose contrast to what lies behind them is less than WCAG
// asks for, 4.5 to 1.
const faint = `(() => {
  const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return m.length < 4 ? [...m, 1] : m; };
  const light = ([r, g, b]) => { const f = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] === 1) return c; } return [255, 255, 255, 1]; };
  const bad = new Map();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.checkVisibility() || e.tagName === 'DESC' || e.tagName === 'TITLE') continue;
    const style = getComputedStyle(e), back = behind(e);
    const own = parse(e instanceof SVGElement ? style.fill : style.color), alpha = Number(style.opacity) * own[3];
    const a = light(own.map((v, i) => v * alpha + back[i] * (1 - alpha))), b = light(back);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) bad.set(e.tagName + '.' + (e.className.baseVal ?? e.className) + ' in ' + e.parentElement.className + ' ' + ratio.toFixed(2), 1);
  }
  return [...bad.keys()].slice(0, 10);
})()`

// nameless names what a screen reader could not: pictures without a name, tables
// without headers, links and summaries without words, headings out of order.
const nameless = `(() => {
  const bad = [];
  for (const e of document.querySelectorAll('svg')) if (e.getAttribute('aria-hidden') !== 'true' && !(e.getAttribute('role') === 'img' && e.querySelector('title')?.textContent && e.querySelector('desc')?.textContent)) bad.push('svg ' + e.className.baseVal);
  for (const e of document.querySelectorAll('table')) if (![...e.querySelectorAll('thead th')].every(th => th.scope === 'col') || ![...e.querySelectorAll('tbody tr')].every(tr => tr.querySelector('th[scope=row]'))) bad.push('table ' + e.className);
  for (const e of document.querySelectorAll('a, summary, h1, h2, h3, h4')) if (!e.textContent.trim()) bad.push(e.outerHTML.slice(0, 60));
  let last = 0;
  for (const h of document.querySelectorAll('h1, h2, h3, h4')) { const level = Number(h.tagName[1]); if (last && level > last + 1 && !h.closest('details')) bad.push('heading ' + h.textContent); last = level; }
  return bad.slice(0, 10);
})()`

// A real browser shows the page whole: on a desk, on a phone, in the light, in
// the dark and on paper, with everything open. It asks for nothing but the page,
// and has nothing to complain about.
func TestInABrowser(t *testing.T) {
	pages := map[string]string{"conform": conformance(t, sample()), "run": run(t, specs())}
	for i, text := range []string{hostile[1], hostile[9], hostile[10], hostile[16]} {
		r := brief()
		for k := range r.Results {
			res := &r.Results[k]
			res.Why, res.Comment, res.Notes, res.ID = text, text, []string{text}, text
			for x := range res.Exchanges {
				res.Exchanges[x].Answer, res.Exchanges[x].What = text, text
			}
		}
		r.Target.URL, r.Target.Server, r.Target.Devices[0].ID, r.Results[2].Exchanges[0].Device = text, text, text, text
		pages["hostile"+string(rune('0'+i))] = conformance(t, r)
	}
	dir := t.TempDir()
	keep := os.Getenv(shots)
	if keep != "" {
		files, err := filepath.Glob(filepath.Join(keep, "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			d, err := evidence.Read(path)
			if err != nil {
				t.Fatal(err)
			}
			pages[strings.TrimSuffix(filepath.Base(path), ".json")] = conformance(t, d.Run)
		}
	}
	b := open(t)
	for name, html := range pages {
		path := filepath.Join(dir, name+".html")
		if err := os.WriteFile(path, []byte(html), 0o600); err != nil {
			t.Fatal(err)
		}
		some := looks
		if strings.HasPrefix(name, "hostile") {
			some = looks[2:3] // where there is least room
		}
		for _, l := range some {
			t.Run(name+"-"+l.String(), func(t *testing.T) {
				b.t = t
				b.said, b.asked = nil, nil
				b.show(path, l)
				png := b.picture()
				if keep != "" {
					if err := os.WriteFile(filepath.Join(keep, name+"-"+l.String()+".png"), png, 0o644); err != nil {
						t.Fatal(err)
					}
				}
				seen(t, png, l)
				opened := []string{"", "for (const d of document.querySelectorAll('details')) d.open = true"}
				if len(html) > 1<<20 {
					opened = opened[:1] // to lay all of it out takes minutes
				}
				for _, open := range opened {
					b.eval(open, nil)
					for what, script := range map[string]string{"reaches out": overflow, "is too faint": faint, "has no name": nameless} {
						var list []string
						if b.eval(script, &list); len(list) > 0 {
							t.Errorf("with %q: %s: %q", open, what, list)
						}
					}
				}
				if len(b.said) > 0 {
					t.Errorf("it complains: %q", b.said)
				}
				if len(b.asked) != 1 || !strings.HasPrefix(b.asked[0], "file://"+dir) {
					t.Errorf("it asks for %q", b.asked)
				}
			})
		}
	}
	b.t = t
}

// seen checks that a picture shows something, on the ground that was asked for.
func seen(t *testing.T, shot []byte, l look) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	ground, colours := img.At(2, 2), map[any]bool{}
	for y := range 400 {
		for x := range img.Bounds().Dx() {
			colours[img.At(x, y)] = true
		}
	}
	if r, _, _, _ := ground.RGBA(); (r < 0x8000) != (l.dark && !l.paper) || len(colours) < 20 {
		t.Errorf("on %v, in %d colours", ground, len(colours))
	}
}

// What the browser looks for it finds: each planted mistake is seen.
func TestInABrowserIsSeen(t *testing.T) {
	good := conformance(t, sample())
	b := open(t)
	for name, tt := range map[string]struct{ script, old, new string }{
		"something too wide":       {overflow, "<main>", "<main><pre style=\"width: 500px; white-space: pre\">x</pre>"},
		"a picture without a name": {nameless, "role=\"img\"", "role=\"none\""},
		"a heading too deep":       {nameless, "<main>", "<main><h4>x</h4>"},
		"grey on grey":             {faint, "--ink: #1e231d", "--ink: #999999"},
	} {
		bad := strings.Replace(good, tt.old, tt.new, 1)
		if strings.Contains(tt.new, "style=") || strings.Contains(tt.new, "--ink") {
			bad = strings.Replace(bad, "Content-Security-Policy", "x-none", 1)
		}
		path := filepath.Join(t.TempDir(), "bad.html")
		if err := os.WriteFile(path, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		b.show(path, looks[2])
		var list []string
		if b.eval(tt.script, &list); len(list) == 0 {
			t.Errorf("%s: nobody notices", name)
		}
	}
	for name, tt := range map[string]struct{ old, new string }{
		"a script":                 {"<main>", "<main><script>1</script>"},
		"a picture from elsewhere": {"<main>", `<main><img src="http://127.0.0.1:1/x.png">`},
		"another style":            {"<main>", `<main><p style="color: red">`},
	} {
		path := filepath.Join(t.TempDir(), "bad.html")
		if err := os.WriteFile(path, []byte(strings.Replace(good, tt.old, tt.new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		b.said = nil
		b.show(path, looks[2])
		if b.eval("1", nil); !strings.Contains(strings.Join(b.said, " "), "Content Security Policy") {
			t.Errorf("%s: the policy lets it pass: %q", name, b.said)
		}
	}
}

// A mark lies where it is meant to, and each fills the room of its size.
func TestMarksAreCentred(t *testing.T) {
	r := sample()
	r.Results = r.Results[:1]
	r.Results[0].Exchanges = r.Results[0].Exchanges[:1]
	path := filepath.Join(t.TempDir(), "one.html")
	if err := os.WriteFile(path, []byte(conformance(t, r)), 0o600); err != nil {
		t.Fatal(err)
	}
	b := open(t)
	b.show(path, looks[0])
	var off float64 // of the one mark, which is next, from the line of next
	b.eval(`(() => {
		const svg = document.querySelector('svg.wide'), line = svg.querySelector('.zero').getBBox(), dot = svg.querySelectorAll('.dot')[1].getBBox();
		return Math.abs(dot.y + dot.height / 2 - line.y) + Math.abs(dot.height - dot.width);
	})()`, &off)
	if off > 0.2 {
		t.Errorf("it is %.1f pixels off", off)
	}
}
