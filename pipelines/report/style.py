"""The look of the report: one style sheet, colours for light and dark, phone, desk and paper.

Outcomes have four hues that colour-blind readers keep apart: blue what is a story of its own, brown to amber what was
folded away, grey what was seen before, magenta what was refused. Each has 3:1 against its ground, letters 4.5:1
(WCAG 2.2, 1.4.3 and 1.4.11), and none is told by its colour alone.
"""

LIGHT = {
    "ground": "#ffffff",
    "raised": "#f5f6f7",
    "ink": "#1b1f24",
    "soft": "#57606a",
    "line": "#d8dde2",
    "link": "#0b57a4",
    "new": "#1f5a96",
    "revision": "#4a8ac6",
    "exact": "#3f1f00",
    "near": "#864600",
    "excerpt": "#ae5f06",
    "expansion": "#cb842f",
    "seen": "#7b828a",
    "rejected": "#a3195b",
}
DARK = {
    "ground": "#14171a",
    "raised": "#1e2226",
    "ink": "#e8ebee",
    "soft": "#a3abb3",
    "line": "#343a41",
    "link": "#8cc2ff",
    "new": "#69aeef",
    "revision": "#aed5fb",
    "exact": "#fbe2c2",
    "near": "#f0ab5b",
    "excerpt": "#cf8733",
    "expansion": "#a96f2e",
    "seen": "#8f979f",
    "rejected": "#f283b4",
}
_INKS = ("new", "revision", "exact", "near", "excerpt", "expansion", "seen", "rejected")


def style_sheet() -> str:
    """Return the whole style sheet."""
    fills = "".join(f".{name}{{fill:var(--{name})}}" for name in _INKS)
    return (
        f":root{{color-scheme:light dark;{_variables(LIGHT)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
        f"{_RULES}{fills}"
        # Paper is white whatever the screen was.
        f"@media print{{:root{{color-scheme:light;{_variables(LIGHT)}}}{_PRINT}}}"
    )


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


_RULES = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;padding:1.5rem 1rem 4rem;max-width:62rem;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .3rem}
h2{font-size:1.25rem;line-height:1.3;margin:0 0 .4rem}
h3{font-size:1rem;margin:1.5rem 0 .3rem}
p{margin:.3rem 0 .8rem;max-width:46rem}
section{margin-top:2.6rem;padding-top:1.2rem;border-top:1px solid var(--line)}
a{color:var(--link)}
.soft,figcaption,caption{color:var(--soft);font-size:.875rem}
.none{color:var(--soft);font-style:italic}
.acting{border:1px solid var(--rejected);color:var(--rejected);border-radius:3px;padding:0 .2em;
font:.75em/1.4 ui-monospace,monospace}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;margin:.8rem 0 0;list-style:none;font-size:.9rem}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:.6rem;margin:1.4rem 0;padding:0}
.tiles div{background:var(--raised);border-radius:6px;padding:.7rem .9rem}
.tiles dt{color:var(--soft);font-size:.8125rem;line-height:1.3}
.tiles dd{margin:.1rem 0 0;font-size:1.4rem;line-height:1.25;font-weight:600;font-variant-numeric:tabular-nums}
.tiles dd small{display:block;font-size:.8125rem;font-weight:400;color:var(--soft)}
figure{margin:.8rem 0}
.chart{display:block;width:100%;overflow:visible}
.columns{margin-left:2.8rem;width:calc(100% - 2.8rem)}
.chart text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;fill:var(--soft)}
.chart .tick{font-variant-numeric:tabular-nums}
.strip rect{stroke:var(--ground);stroke-width:1px}
.grid{stroke:var(--line)}
.axis{stroke:var(--soft)}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.2rem 0;padding:0;list-style:none;font-size:.875rem}
.swatch{width:.7em;height:.7em;margin-right:.35em;vertical-align:-.02em}
.sum{font-variant-numeric:tabular-nums;line-height:1.9}
.sum b,.sum span{white-space:nowrap}
.good{border-left:4px solid var(--new);padding-left:.7rem}
.bad{border-left:4px solid var(--rejected);padding-left:.7rem;font-weight:600}
.wide{overflow-x:auto;margin:.6rem 0}
.wide:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.4}
caption{text-align:left;padding:0 0 .4rem}
th,td{padding:.32rem .8rem .32rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th{font-weight:600}
thead th{overflow-wrap:normal;color:var(--soft);font-size:.8125rem;vertical-align:bottom}
tbody th{font-weight:400;min-width:6.5rem}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap;overflow-wrap:normal}
.w{white-space:nowrap;overflow-wrap:normal}
.drawn{width:30%;min-width:5rem}
.bar{display:block;width:100%;margin-top:.3rem}
.families{padding:0;margin:0;list-style:none}
.families>li{padding:.8rem 0;border-bottom:1px solid var(--line)}
.families .title{font-weight:600}
.families .key{color:var(--soft)}
.types{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:0 2rem}
.id{display:block;font-size:.8125rem}
code{font:.85em ui-monospace,"SFMono-Regular",Menlo,monospace}
details{margin:.6rem 0}
summary{cursor:pointer;color:var(--link);font-size:.9rem}
@media (max-width:36rem){
.tiles{grid-template-columns:1fr 1fr}h1{font-size:1.4rem}th,td{padding-right:.45rem}
.drawn{width:20%;min-width:2.8rem}table{font-size:.84rem}tbody th{min-width:4.6rem}}
"""

_PRINT = """
body{max-width:none;padding:0;font-size:10.5pt}
nav,details{display:none}
section{border-top:0.5pt solid var(--line)}
tr,figure,.families>li,.tiles div{break-inside:avoid}
h2,h3{break-after:avoid}
.wide{overflow:visible}
#runs-table{font-size:7pt}
#runs-table th,#runs-table td{padding-right:.3rem;min-width:0}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}
"""
