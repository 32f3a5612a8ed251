/**
 * The style of charts. A page defines the colours for both schemes: --ink, --muted, --accent, --good, --bad, --warn, --surface,
 * --line and --series-1 to --series-6, each with a contrast of at least 4.5 : 1 to --surface.
 */
import { SERIES } from './chart.ts';

const TONES = ['accent', 'good', 'bad', 'warn', 'muted', ...SERIES];

/** Each tone sets `--tone`; a mark uses it as its fill or its stroke. */
const tones = TONES.map(
  (tone) => `.chart .c-${tone}{--tone:var(--${tone})}.chart .c-${tone}-text{fill:var(--${tone})}`,
).join('\n');

export const CHART_STYLE = `
.chart{display:block;width:100%;height:auto;max-width:72rem;overflow:visible;font-family:system-ui,sans-serif;font-variant-numeric:tabular-nums}
.chart text{font-size:12px;fill:var(--ink)}
.chart .tick,.chart .unit{fill:var(--muted)}
.chart .end{text-anchor:end}
.chart .middle{text-anchor:middle}
.chart .halo{paint-order:stroke;stroke:var(--surface);stroke-width:4px;stroke-linejoin:round}
.chart .grid{stroke:var(--line);stroke-width:1px}
.chart .axis-line{stroke:var(--muted);stroke-width:1px}
.chart .fill{fill:var(--tone,none)}
.chart .ring{fill:none;stroke:var(--tone);stroke-width:1.75px}
.chart .stroke{fill:none;stroke:var(--tone);stroke-width:1.5px;stroke-linejoin:round}
.chart .thin{stroke-width:1px}
.chart .strong{stroke-width:2px;stroke-linecap:round}
.chart .level{stroke-width:2px}
.chart .dashed{stroke-dasharray:6 4}
.chart .dotted{stroke-dasharray:2 3}
.chart .dash-2{stroke-dasharray:7 3}
.chart .dash-3{stroke-dasharray:2 2}
.chart .dash-4{stroke-dasharray:9 3 2 3}
.chart .dash-5{stroke-dasharray:4 4}
.chart .dash-6{stroke-dasharray:12 3}
.chart .hair{stroke-width:1px;stroke-opacity:.35}
.chart .target{stroke-width:2px;stroke-dasharray:4 2}
.chart .band{fill:var(--accent);fill-opacity:.14}
.chart .phase{fill:var(--muted);fill-opacity:.11}
.chart .phase-odd{fill-opacity:.03}
.chart .hatch{fill:none;stroke:var(--surface);stroke-opacity:.42;stroke-width:1.25px;stroke-linecap:round}
.chart .critical{fill:none;stroke:var(--ink);stroke-width:1.75px}
.chart .on-bar{fill:var(--surface);paint-order:stroke;stroke:var(--tone);stroke-width:3px;stroke-linejoin:round;pointer-events:none}
.chart .see-through{pointer-events:none}
.chart .surface{fill:var(--surface)}
.chart .interval{fill:none;stroke:var(--tone);stroke-width:4px;stroke-opacity:.55}
.chart .area{fill:var(--tone);fill-opacity:.16}
.chart .trial{fill:none;stroke:var(--tone);stroke-opacity:.75;stroke-width:1px}
.chart .strong-label{font-weight:600}
.chart a{cursor:pointer}
.chart a:hover .fill,.chart a:focus .fill{stroke:var(--ink);stroke-width:1.5px}
.chart-sparkline{display:inline-block;width:7.5rem;height:1.5rem;vertical-align:middle}
${tones}
.chart-narrow{max-width:30rem}
.chart-wide{display:none}
@media (min-width:44rem){
.chart-narrow:has(+.chart-wide){display:none}
.chart-wide{display:block}
}
@media (min-width:64rem){
.chart-wide text{font-size:11px}
}
@media print{
.chart-narrow:has(+.chart-wide){display:none}
.chart-wide{display:block}
}
`;
