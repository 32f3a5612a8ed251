// What a page can do more with a script: search and sort tables, copy code, zoom a timeline. Without it, all is there to read.
'use strict';

for (const table of document.querySelectorAll('table[data-search]')) addSearch(table);
for (const table of document.querySelectorAll('.sections table')) addSorting(table);
for (const pre of document.querySelectorAll('pre')) addCopying(pre);
window.addEventListener('hashchange', unfoldTarget);
window.addEventListener('beforeprint', unfoldAll);
unfoldTarget();

function addSearch(table) {
  const rows = [...table.tBodies[0].rows];
  const box = document.createElement('input');
  const count = document.createElement('span');
  box.type = 'search';
  box.placeholder = 'Filter rows';
  box.setAttribute('aria-label', `Filter: ${table.closest('.scroll').getAttribute('aria-label')}`);
  count.setAttribute('role', 'status');
  box.addEventListener('input', () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    count.textContent = words.length === 0 ? '' : `${shown} of ${rows.length} rows`;
  });
  const tools = document.createElement('div');
  tools.className = 'tools';
  tools.append(box, count);
  table.closest('.scroll').before(tools);
}

function addSorting(table) {
  const body = table.tBodies[0];
  if (table.tHead === null || body === undefined || body.rows.length < 3 || table.classList.contains('figures')) return;
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const largestFirst = head.getAttribute('aria-sort') !== 'descending';
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', largestFirst ? 'descending' : 'ascending');
      const sorted = [...body.rows].sort((a, b) => compareCells(a.cells[column], b.cells[column]));
      body.append(...(largestFirst ? sorted.reverse() : sorted));
    });
  });
}

function compareCells(a, b) {
  const [left, right] = [a, b].map((cell) => cell?.dataset.sort);
  if (left !== undefined && right !== undefined) return Number(left) - Number(right);
  if (left !== undefined) return 1;
  if (right !== undefined) return -1;
  return (a?.textContent ?? '').localeCompare(b?.textContent ?? '');
}

function addCopying(pre) {
  if (navigator.clipboard === undefined) return;
  const frame = document.createElement('div');
  const button = document.createElement('button');
  frame.className = 'copied';
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(pre.textContent).then(
      () => (button.textContent = 'Copied'),
      () => (button.textContent = 'Copying failed'),
    );
  });
  pre.replaceWith(frame);
  frame.append(pre, button);
}

/** A link to something in a folded part unfolds it. */
function unfoldTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target === null) return;
  for (let part = target.closest('details'); part !== null; part = part.parentElement.closest('details'))
    part.open = true;
  target.scrollIntoView();
}

function unfoldAll() {
  for (const part of document.querySelectorAll('details')) part.open = true;
}
