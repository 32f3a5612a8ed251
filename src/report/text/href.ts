/** Paths, fragments and web addresses. A browser would run what other schemes hold, and `//` is another host. */
export function isSafeHref(href: string): boolean {
  if (/^https?:\/\/[^\s\\]+$/i.test(href)) return true;
  return /^(?!\/\/)[\w./#?&=%+~-]+$/.test(href);
}
