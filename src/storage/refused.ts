/** A database this program cannot serve; the operator reads the message. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused'
}
