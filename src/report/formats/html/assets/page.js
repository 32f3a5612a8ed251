// What a page can do more with a script: search and sort tables, copy code, zoom a timeline. Without it, all is there to read.
'use strict';

const scrolled = new WeakSet();

// The page of a running benchmark changes below these tools, so it has them when it is a report.
if (document.body.dataset.live === undefined) addTools();
else followRun(document.body.dataset.live);
window.addEventListener('hashchange', unfoldTarget);
window.addEventListener('beforeprint', unfoldAll);
unfoldTarget();

function addTools() {
  for (const table of document.querySelectorAll('table[data-search]')) addSearch(table);
  for (const table of document.querySelectorAll('.sections table')) addSorting(table);
  for (const pre of document.querySelectorAll('pre')) addCopying(pre);
}

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

/** Shows what is new until the run has ended, then loads the report. A page in the background asks for nothing. */
function followRun(address) {
  const status = document.querySelector('.status[role]');
  let source = null;
  let again = 0;
  const tell = (words) => {
    status.hidden = words === '';
    if (status.textContent !== words) status.textContent = words;
  };
  const close = () => {
    clearTimeout(again);
    source?.close();
    source = null;
  };
  const follow = () => {
    close();
    source = new EventSource(address);
    source.addEventListener('main', ({ data }) => {
      tell('');
      showMain(data);
    });
    source.addEventListener('ended', () => {
      close();
      location.reload();
    });
    source.addEventListener('error', () => {
      const { readyState } = source;
      if (status.hidden)
        tell(
          `Paceline has not answered since ${new Date().toLocaleTimeString()}. What is below may be old. Trying again.`,
        );
      // The browser tries again after a lost connection, but not after a refusal.
      if (readyState === EventSource.CLOSED) again = window.setTimeout(follow, 3000);
    });
  };
  const openIfSeen = () => (document.hidden ? close() : follow());
  document.addEventListener('visibilitychange', openIfSeen);
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', ({ persisted }) => persisted && openIfSeen());
  showEnds();
  openIfSeen();
}

function showMain(html) {
  const made = new DOMParser().parseFromString(`<main>${html}</main>`, 'text/html').querySelector('main');
  change(document.getElementById('main'), made);
  showEnds();
}

/** Of an output that is new here the end is what counts. */
function showEnds() {
  for (const pre of document.querySelectorAll('pre')) {
    if (!scrolled.has(pre)) pre.scrollTop = pre.scrollHeight;
    scrolled.add(pre);
  }
}

/** Makes the old element's content that of the new one and keeps what is equal: where it is scrolled, folded and focused. */
function change(old, made) {
  const [from, to] = [[...old.childNodes], [...made.childNodes]];
  to.forEach((node, i) => {
    const shown = from[i];
    if (shown === undefined) old.append(node);
    else if (shown.nodeName !== node.nodeName || shown.id !== node.id) shown.replaceWith(node);
    else if (node.nodeType === Node.ELEMENT_NODE) changeElement(shown, node);
    else if (shown.nodeValue !== node.nodeValue) shown.nodeValue = node.nodeValue;
  });
  for (const left of from.slice(to.length)) left.remove();
}

function changeElement(old, made) {
  const isAtEnd = old.scrollTop + old.clientHeight >= old.scrollHeight - 4;
  // What the reader has folded or unfolded stays so.
  for (const { name, value } of made.attributes)
    if (name !== 'open' && old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const name of old.getAttributeNames())
    if (name !== 'open' && !made.hasAttribute(name)) old.removeAttribute(name);
  change(old, made);
  if (isAtEnd && old.tagName === 'PRE') old.scrollTop = old.scrollHeight;
}
