/**
 * The file of a thread that lies beside this one. The source runs as it is, and the compiler does not rewrite names
 * inside a URL: so it ends as this file does.
 *
 * @param name without its ending
 */
export const threadFile = (name: string): URL =>
  new URL(`./${name}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
