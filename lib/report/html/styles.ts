// The one style sheet of the page. No font and no picture comes from outside; colours hold AA contrast in both themes.

const LIGHT = `--bg:#f6f7f9;--card:#fff;--ink:#15191f;--soft:#545d6a;--line:#dfe3e8;--code:#f1f3f6;--accent:#0b5cad;
--critical:#b3161b;--high:#b04300;--medium:#805b00;--low:#1b5fa8;--info:#545d6a;--good:#17703f;
--critical-bg:#fdecec;--high-bg:#fdf0e4;--medium-bg:#fbf4dc;--low-bg:#e8f1fb;--info-bg:#eef0f3;--good-bg:#e7f5ec;--track:#e3e7ec;--fill:#6b7f99`;

const DARK = `--bg:#0f1216;--card:#181c22;--ink:#e8ebef;--soft:#a3adba;--line:#2c333c;--code:#11151a;--accent:#7db8f5;
--critical:#ff8a86;--high:#ffa56b;--medium:#ecc35a;--low:#86bdf7;--info:#a9b3c0;--good:#6fd09a;
--critical-bg:#3a1717;--high-bg:#38210f;--medium-bg:#332a0c;--low-bg:#12273d;--info-bg:#232931;--good-bg:#11301f;--track:#2b323b;--fill:#8295ad`;

export const STYLES = `:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
.page{overflow-wrap:anywhere;max-width:1180px;margin:0 auto;padding:24px 20px 56px}
h1,h2,h3,h4,p,figure,ol,ul,dl,dd{margin:0}
h1{font-size:27px;line-height:1.2;letter-spacing:-.015em}
h2{font-size:19px;line-height:1.3;letter-spacing:-.01em;margin-bottom:12px}
h3{font-size:16px;line-height:1.4}
h4{font-size:12px;line-height:1.5;color:var(--soft);font-weight:650;letter-spacing:.04em;text-transform:uppercase;margin-top:18px}
a{color:var(--accent);text-underline-offset:2px}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.brand{color:var(--soft);font-size:13px;font-weight:600;margin-bottom:14px}
.facts{color:var(--soft);font-size:14px;margin-top:5px}
.muted{color:var(--soft);font-size:14px}
section{margin-top:32px}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:18px 20px}
.card+.card{margin-top:12px}
.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.92em;overflow-wrap:anywhere;unicode-bidi:isolate}
h1 .id,h3 .id{font-family:inherit;font-size:inherit}
.hero{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:20px 28px;align-items:center;margin-top:20px;border-left:5px solid var(--tone)}
.hero.fail{--tone:var(--critical);--tint:var(--critical-bg)}.hero.warn{--tone:var(--medium);--tint:var(--medium-bg)}
.hero.pass{--tone:var(--good);--tint:var(--good-bg)}.hero.no-data{--tone:var(--info);--tint:var(--info-bg)}
.verdict{display:inline-block;color:var(--tone);background:var(--tint);border-radius:6px;padding:2px 10px;font-weight:700;font-size:15px}
.headline{font-size:20px;line-height:1.35;font-weight:600;margin-top:9px;letter-spacing:-.01em}
.chips{display:flex;flex-wrap:wrap;gap:6px;margin-top:12px}
.chip{display:inline-block;border-radius:5px;padding:1px 8px;font-size:12.5px;line-height:1.55;font-weight:650;white-space:nowrap;color:var(--info);background:var(--info-bg)}
.critical{color:var(--critical);background:var(--critical-bg)}.high{color:var(--high);background:var(--high-bg)}
.medium,.warn.chip{color:var(--medium);background:var(--medium-bg)}.low{color:var(--low);background:var(--low-bg)}
.fail.chip{color:var(--critical);background:var(--critical-bg)}.pass.chip{color:var(--good);background:var(--good-bg)}
.score{text-align:center;min-width:132px;max-width:290px}
.score svg{display:block;margin:0 auto 6px}
.score .ring{fill:none;stroke:var(--track);stroke-width:9}.score .arc{fill:none;stroke-width:9;stroke-linecap:round}
.arc.good{stroke:var(--good)}.arc.ok{stroke:var(--medium)}.arc.bad{stroke:var(--critical)}
.score text{fill:var(--ink);font-size:34px;font-weight:700;letter-spacing:-.03em}.score text.none{font-size:17px;letter-spacing:0}
.score p{font-size:13px;color:var(--soft);line-height:1.45}
.banner{border:1px solid var(--line);border-left:4px solid var(--medium);border-radius:8px;background:var(--card);padding:10px 16px;margin-top:12px;font-size:14px}
.banner.note{border-left-color:var(--low)}
.banner ul{padding-left:18px}.banner ul:has(>:only-child){list-style:none;padding:0}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(230px,1fr));gap:16px 28px}
.columns>*{min-width:0}
.columns+.muted,.terms+.muted,details+.muted,.card+.muted{margin-top:12px}
.plain{list-style:none;padding:0;margin-top:5px}.plain li{padding:3px 0;font-size:14px}
.plain li+li{border-top:1px solid var(--line)}
.actions{list-style:none;padding:0;margin-top:12px;counter-reset:step}
.actions>li{counter-increment:step;position:relative;padding-left:62px}
.actions>li::before{content:counter(step);position:absolute;left:18px;top:17px;width:28px;height:28px;border-radius:50%;background:var(--ink);color:var(--card);font-weight:700;font-size:14px;line-height:28px;text-align:center}
.row{display:flex;flex-wrap:wrap;align-items:baseline;gap:5px 10px}
.row>*{min-width:0}
.do{margin-top:6px;font-size:15.5px}
.terms{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:10px 24px;margin-top:12px;font-size:14px}
.terms dt{color:var(--soft);font-size:12.5px;font-weight:600}
.command{margin-top:12px}
figcaption{font-size:13px;color:var(--soft);margin-bottom:4px}
.effect{font-weight:650;white-space:nowrap}.effect.change{color:var(--high)}.effect.read{color:var(--good)}.effect::before{content:"\\00b7\\00a0"}
pre{margin:0;background:var(--code);border:1px solid var(--line);border-radius:7px;padding:10px 12px;overflow-x:auto;white-space:pre-wrap}
code{font:13px/1.55 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;user-select:all;-webkit-user-select:all}
details{border-top:1px solid var(--line);margin-top:14px;padding-top:10px}
details>summary{cursor:pointer;font-size:14px;font-weight:600;color:var(--accent)}
details[open]>summary{margin-bottom:10px}summary+h4{margin-top:0}
details.folded{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 20px;margin-top:12px}
details.folded>summary{color:var(--ink);font-size:15px}
.scroll{overflow-x:auto;margin-top:10px}
table{overflow-wrap:normal;border-collapse:collapse;width:100%;font-size:13.5px;line-height:1.45}
caption{text-align:left;color:var(--soft);font-size:13px;padding-bottom:6px}
th,td{text-align:left;padding:6px 14px 6px 0;border-top:1px solid var(--line);vertical-align:top}
tr>:last-child{padding-right:0}
thead th{color:var(--soft);font-size:12.5px;font-weight:600;border-top:0;white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:500;min-width:92px;max-width:380px;overflow-wrap:anywhere}
td{min-width:52px;max-width:420px}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td.n{min-width:64px}
.wide{min-width:210px}
.n+:not(.n){padding-left:12px}
.scroll+.muted,.command+.muted{margin-top:7px}.card>:is(.scroll,.terms):first-child{margin-top:0}.card>details:first-child{border:0;margin:0;padding:0}
.muted+h3{margin-top:16px}
.none{color:var(--soft)}
.bar{display:block;width:100%;min-width:84px;height:6px;margin-top:5px}
.bar .track{fill:var(--track)}.bar .fill{fill:var(--fill)}.bar.good .fill{fill:var(--good)}.bar.ok .fill{fill:var(--medium)}.bar.bad .fill{fill:var(--critical)}
.categories{display:grid;grid-template-columns:repeat(auto-fit,minmax(185px,1fr));gap:14px 26px;margin-bottom:6px}
.categories b{float:right;font-variant-numeric:tabular-nums}
.categories span{font-size:13px;color:var(--soft)}
footer{margin-top:36px;color:var(--soft);font-size:13px}
@media (max-width:620px){.page{padding:16px 12px 40px}.card{padding:14px}.hero{grid-template-columns:minmax(0,1fr)}.score{text-align:left;display:flex;align-items:center;gap:16px}.score svg{margin:0;flex:none;width:84px;height:84px}.score{max-width:none}.headline{font-size:18px}h1{font-size:23px}
.actions>li{padding-left:14px;padding-top:52px}.actions>li::before{left:14px;top:14px}details.folded{padding:12px 14px}}
@media print{:root{--bg:#fff}body{font-size:11pt}.page{max-width:none;padding:0}.card,tr{break-inside:avoid}pre{white-space:pre-wrap}details::details-content{content-visibility:visible;height:auto}.scroll{overflow:visible}}
`;
