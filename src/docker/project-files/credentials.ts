/**
 * Removes credentials from command lines and other texts of a project. The values of variables are always removed.
 * Otherwise it knows names, options, headers and the shapes of common tokens. A doubtful word is masked: a name is
 * worth keeping, a value is not.
 */
import { beginningOf } from '../../model/bounds.ts';
import { LONGEST_VALUE } from './bounds.ts';

export const MASK = '***';

const SECRET =
  'pass(?:w(?:or)?d|phrase)?|pwd|secret|token|credential|auth|api_?key|access_?key|private_?key|session|cookie|signature|dsn';
const SECRET_NAME = new RegExp(`(?:${SECRET})`, 'i');
const SECRET_OPTION = new RegExp(`^--?[\\w-]*(?:${SECRET.replaceAll('_?', '[-_]?')}|key)[\\w-]*$`, 'i');
/** `Authorization: Bearer x`, `//registry/:_authToken=x`, `"password": "x"`. */
const SECRET_PAIR = new RegExp(
  `^([^=:$]*(?::[^=:$\\s]*)?(?:${SECRET.replaceAll('_?', '[-_]?')}|[-_]key)[\\w-]*["']?\\s*[=:]\\s*)\\S[\\s\\S]*$`,
  'i',
);
const ASSIGNMENT = /^([A-Za-z_]\w*\+?=)(?!=)[\s\S]+$/;
/** `Authorization:`, `db_password:`. */
const SECRET_HEADER = new RegExp(`^[\\w-]*(?:${SECRET.replaceAll('_?', '[-_]?')}|key)[\\w-]*:$`, 'i');
/** Before `=`, or a word in quotes: `IDENTIFIED BY 'x'`. */
const SECRET_WORD = new RegExp(`^(?:by|[\\w-]*(?:${SECRET.replaceAll('_?', '[-_]?')})[\\w-]*)$`, 'i');
const SCHEMES = /^(?:bearer|basic|digest|negotiate|token)$/i;
const TOKENS =
  /(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|sk-|[sr]k_(?:live|test)_|npm_|pypi-|hf_|dckr_pat_)[\w-]{8,}|AKIA[0-9A-Z]{12,}|AIza[\w-]{20,}|(?<=\bpass:)\S+|eyJ[\w-]{8,}\.[\w.-]+|-----BEGIN[\s\S]*/g;
/** Programs whose short option takes a password, and that option. */
const PASSWORD_OPTIONS: readonly (readonly [RegExp, RegExp])[] = [
  [/(?:^|\/)(?:sshpass|mysql\w*|mariadb[\w-]*|mongo\w*|twine|login|upload)$/, /^-p/],
  [/(?:^|\/)(?:redis-cli|valkey-cli|keydb-cli)$/, /^-a/],
  [/(?:^|\/)(?:curl|wget|http|https)$/, /^(?:-u|--user|--proxy-user|-U|-b)/],
  [/(?:^|\/)ldap\w*$/, /^-w/],
];

/** Longer texts are cut before they are masked. The part that is kept is far shorter. */
const LONGEST_MASKED = 20 * LONGEST_VALUE;

/** The part of a text that may be kept. It is masked first and then cut, so that a credential stays recognisable. */
export function safeText(text: string): string {
  const masked = maskText(text.slice(0, LONGEST_MASKED));
  // A credential at the cut would be near the end of what is kept.
  if (text.length > LONGEST_MASKED && masked.length <= LONGEST_VALUE) return MASK;
  return beginningOf(masked, LONGEST_VALUE);
}

/** Text of a command line, or any other: blanks and quotes stay as they are. */
export function maskText(text: string): string {
  return maskWords(partsOf(text.replaceAll(PIPED_PASSWORD, `$1 ${MASK} `))).join('');
}

/** `echo secret | docker login --password-stdin` */
const PIPED_PASSWORD = /\b(echo|printf)\b[^|\n]*(?=\|[^|;&\n]*(?:passw(?:or)?d|login|-stdin|gpg|sudo -S))/g;

function partsOf(text: string): readonly string[] {
  return text.match(/(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"';&|,[\]])+|\s+|[^\s]/gs) ?? [];
}

/** The words of one command line, each masked with a view of those before it. */
export function maskWords(words: readonly string[]): readonly string[] {
  let program: RegExp | null = null;
  let takesSecret = false;
  let takesCommandLine = false;
  let mayTakeSecret = false;
  return words.map((word) => {
    const { bare, quote } = unquoted(word);
    if (bare.trim() === '' || /^[,[\]]$/.test(bare)) return word;
    if (/^[;&|]$/.test(bare)) {
      [program, takesSecret, takesCommandLine] = [null, false, false];
      return word;
    }
    if (takesSecret && SCHEMES.test(bare)) return word;
    // `password = x`
    const isSign = /^[=:]$/.test(bare);
    if (isSign) {
      takesSecret = mayTakeSecret;
      return word;
    }
    if (mayTakeSecret && quote !== '') takesSecret = true;
    mayTakeSecret = SECRET_WORD.test(bare);
    if (takesSecret && !bare.startsWith('--')) {
      takesSecret = false;
      return `${quote}${MASK}${quote}`;
    }
    const isCommandLine = takesCommandLine;
    const short = program?.exec(bare)?.[0];
    program = PASSWORD_OPTIONS.find(([name]) => name.test(bare))?.[1] ?? program;
    takesSecret = SECRET_OPTION.test(bare) || short === bare || SECRET_HEADER.test(bare);
    takesCommandLine = /^(?:CMD-SHELL|-\w*c)$/.test(bare);
    if (short !== undefined && short !== bare) return `${quote}${short}${MASK}${quote}`;
    return `${quote}${isCommandLine && /\s/.test(bare) ? maskText(bare) : maskWord(bare)}${quote}`;
  });
}

function maskWord(bare: string): string {
  const assignment = ASSIGNMENT.exec(bare);
  if (assignment !== null) return `${assignment[1] ?? ''}${MASK}`;
  const [, name = ''] = SECRET_PAIR.exec(bare) ?? [];
  if (name !== '' && !/\s/.test(name.trim())) return `${name}${MASK}`;
  if (!/\s/.test(bare)) return maskShapes(bare);
  // It may be a command line of its own, or have one in quotes.
  const parts = partsOf(bare);
  if (parts.length > 1) return maskWords(parts).join('');
  return maskShapes(
    bare.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/gs, (part) => {
      const inner = unquoted(part);
      return `${inner.quote}${maskText(inner.bare)}${inner.quote}`;
    }),
  );
}

/** What is masked in any position. */
function maskShapes(text: string): string {
  return text
    .replaceAll(/(:\/\/)[^\s'"]*@/g, `$1${MASK}@`)
    .replaceAll(/([?&][\w-]+=)[^&\s'"]+/g, `$1${MASK}`)
    .replaceAll(/(\$\{(\w+):?[-=+])([^}]+)/g, (all, start: string, name: string) =>
      SECRET_NAME.test(name) ? `${start}${MASK}` : all,
    )
    .replaceAll(TOKENS, MASK)
    .replaceAll(/[A-Za-z0-9+_-]{24,}={0,2}/g, (run) => (looksRandom(run) ? MASK : run))
    .replaceAll(/(=)(?=[^=*])([^\s'"]*)/g, (all, sign: string, _value: string, at: number, whole: string) =>
      SECRET_NAME.test(whole.slice(0, at)) ? `${sign}${MASK}` : all,
    );
}

/** Capitals, small letters and digits mixed, as no name has them: commit and digest hashes have no capitals. */
function looksRandom(text: string): boolean {
  const changes = text.match(/[A-Z](?=[a-z0-9])|[a-z](?=[A-Z0-9])|\d(?=[A-Za-z])/g)?.length ?? 0;
  return /[A-Z]/.test(text) && /[a-z]/.test(text) && /\d/.test(text) && changes > text.length / 4;
}

function unquoted(word: string): { readonly bare: string; readonly quote: string } {
  const [, quote = '', bare = word] = /^(["'])([\s\S]*)\1$/.exec(word) ?? [];
  return { bare, quote };
}
