/**
 * Pure: selects the distribution's own entries from the machine's apt sources, and rewrites them for another suite. Hosts and
 * mirrors are never written in this code: they come from the machine's files at run time.
 *
 * A file is `{name, text}`. A name with the ending .sources is deb822; any other file has one entry per line.
 */
export function distributionSources(files, codename) {
  return files
    .map((file) => ({
      name: file.name,
      text: isDeb822(file) ? ownStanzas(file.text, codename) : ownLines(file.text, codename),
    }))
    .filter((file) => file.text !== '');
}

/** The same for another suite: the release, its updates and its security fixes. No backports, no third parties. */
export function forSuite(files, from, to) {
  return distributionSources(files, from).map((file) => ({
    name: `${to}-${file.name}`,
    text: isDeb822(file)
      ? file.text.replace(/^Suites:.*$/gim, (line) => replaceSuites(line, from, to))
      : file.text.replace(/^.*$/gm, (line) => replaceSuites(line, from, to)),
  }));
}

const isDeb822 = (file) => file.name.endsWith('.sources');
const isOwn = (suite, codename) => suite === codename || new RegExp(`^${codename}-(updates|security)$`).test(suite);
const replaceSuites = (line, from, to) =>
  line.replace(new RegExp(`(?<=\\s)${from}(?=-updates|-security|\\s|$)`, 'g'), to);

/** `main` marks the distribution's archive: a vendor's repository may use the same suite name, but not `main`. */
function ownStanzas(text, codename) {
  return text
    .split(/\n\s*\n/)
    .map((stanza) => stanza.split('\n').filter((line) => line !== '' && !line.startsWith('#')))
    .filter((lines) => {
      const field = (name) =>
        lines
          .find((line) => line.toLowerCase().startsWith(`${name}:`))
          ?.slice(name.length + 1)
          .trim()
          .split(/\s+/) ?? [];
      return (
        field('types').includes('deb') &&
        !field('enabled').includes('no') &&
        field('components').includes('main') &&
        field('suites').some((suite) => isOwn(suite, codename))
      );
    })
    .map((lines) => lines.map((line) => keepOwnSuites(line, codename)).join('\n') + '\n')
    .join('\n');
}

function keepOwnSuites(line, codename) {
  if (!/^suites:/i.test(line)) return line;
  return `Suites: ${line
    .slice(7)
    .trim()
    .split(/\s+/)
    .filter((suite) => isOwn(suite, codename))
    .join(' ')}`;
}

function ownLines(text, codename) {
  return text
    .split('\n')
    .filter((line) => {
      const [, suite, components] = /^\s*deb\s+(?:\[[^\]]*\]\s+)?\S+\s+(\S+)\s+(.+)$/.exec(line) ?? [];
      return suite && isOwn(suite, codename) && components.split(/\s+/).includes('main');
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** Only the named packages come from the newer suite, so the machine keeps its own libraries. */
export function pinTo(suite, packages) {
  return [
    `Package: *\nPin: release n=${suite}*\nPin-Priority: -1\n`,
    `Package: ${packages.join(' ')}\nPin: release n=${suite}*\nPin-Priority: 990\n`,
  ].join('\n');
}
