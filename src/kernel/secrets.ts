import type { Config } from './config.ts'

/** Shorter ones are words that stand anywhere. */
const telling = 6

/** The secrets of a configuration, in each form in which a stranger may tell them back; the longest come first. */
export function secretsIn({ secretKey: key, oidcClientSecret, databaseUrl: base, smtpUrl: mail }: Config): string[] {
  const passwords = [base, mail].map((url) => (URL.canParse(url) ? decoded(new URL(url).password) : ''))
  return [key, oidcClientSecret, ...passwords]
    .filter((secret) => secret.length >= telling)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .sort((one, other) => other.length - one.length)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
