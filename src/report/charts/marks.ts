/** Shapes that differ without their colour. */
import type { Tone } from './chart.ts';
import { el, type Svg } from './svg.ts';

export function dot(x: number, y: number, radius: number, tone: Tone): Svg {
  return el('circle', { cx: x, cy: y, r: radius, class: `fill c-${tone}` });
}

export function ring(x: number, y: number, radius: number, tone: Tone): Svg {
  return el('circle', { cx: x, cy: y, r: radius, class: `ring c-${tone}` });
}

export function cross(x: number, y: number, size: number, tone: Tone): Svg {
  const d = `M${x - size} ${y - size}L${x + size} ${y + size}M${x - size} ${y + size}L${x + size} ${y - size}`;
  return el('path', { d: roundedPath(d), class: `stroke strong c-${tone}` });
}

export function triangle(x: number, y: number, size: number, tone: Tone, points: 'up' | 'down' = 'up'): Svg {
  const tip = points === 'up' ? -size : size;
  const d = `M${x} ${y + tip}L${x + size} ${y - tip}L${x - size} ${y - tip}Z`;
  return el('path', { d: roundedPath(d), class: `fill c-${tone}` });
}

export function diamond(x: number, y: number, size: number, tone: Tone): Svg {
  const d = `M${x} ${y - size}L${x + size} ${y}L${x} ${y + size}L${x - size} ${y}Z`;
  return el('path', { d: roundedPath(d), class: `fill c-${tone}` });
}

/** A line of one colour; `look` is a class of the style, such as "dashed". */
export function rule(x1: number, y1: number, x2: number, y2: number, tone: Tone, look = ''): Svg {
  return el('line', { x1, y1, x2, y2, class: `stroke ${look} c-${tone}`.replace('  ', ' ') });
}

function roundedPath(d: string): string {
  return d.replace(/-?\d+\.\d+/g, (digits) => String(Number(Number(digits).toFixed(1))));
}
