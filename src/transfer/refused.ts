/** A file or its settings that cannot be imported; the message is for the person who sent it. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused'
}
