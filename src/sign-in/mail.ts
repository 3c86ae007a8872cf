import { createTransport } from 'nodemailer'

const connectMsMax = 5_000
const idleMsMax = 10_000

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface MailerOptions {
  /** `smtp://` or `smtps://`, with a name and a password where they are asked for. */
  readonly smtpUrl: string
  readonly from: string
  readonly onError: (error: unknown) => void
}

/** Sends mail by an SMTP server, within bounds of time. */
export class Mailer {
  readonly #options: MailerOptions
  readonly #transport: ReturnType<typeof createTransport>
  readonly #later = new Set<Promise<unknown>>()

  constructor(options: MailerOptions) {
    this.#options = options
    this.#transport = createTransport({
      url: options.smtpUrl,
      connectionTimeout: connectMsMax,
      greetingTimeout: connectMsMax,
      socketTimeout: idleMsMax,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }

  /** Sends without being waited for by who asks; {@link close} waits. */
  sendLater(sending: Promise<unknown>): void {
    const noted = sending.catch(this.#options.onError).finally(() => this.#later.delete(noted))
    this.#later.add(noted)
  }

  async close(): Promise<void> {
    await Promise.all(this.#later)
    this.#transport.close()
  }

  /** @returns whether the SMTP server has taken it; why not is told to whom it may concern */
  async send({ to, subject, text }: Mail): Promise<boolean> {
    try {
      await this.#transport.sendMail({ from: this.#options.from, to: { name: '', address: to }, subject, text })
      return true
    } catch (error) {
      this.#options.onError(error)
      return false
    }
  }
}
