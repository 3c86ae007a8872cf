/**
 * The file of a thread. The source runs as it is, and the compiler does not rewrite names inside a URL: so it ends as the
 * file does that starts it.
 *
 * @param name without its ending
 * @param beside the address of a file in the same folder
 */
export const threadFile = (name: string, beside: string): URL =>
  new URL(`./${name}${beside.endsWith('.ts') ? '.ts' : '.js'}`, beside)
