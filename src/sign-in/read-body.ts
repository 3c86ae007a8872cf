import { passwordLimits } from '../contract/session.ts'
import { userLimits } from '../contract/users.ts'
import { BodyReader, type Read } from '../http/body-reader.ts'

const asItIs = (text: string): string => text

/** What a person signs in with. */
export interface Credentials {
  readonly email: string
  readonly password: string
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readCredentials(body: unknown): Read<Credentials> {
  const reader = new BodyReader(body)
  const email = reader.notBlank('email', userLimits.email, 'needed') ?? ''
  const password = reader.text('password', passwordLimits.max, asItIs) ?? ''
  if (password === '') reader.missing('password')
  return { value: { email, password }, ignored: reader.finish(['email', 'password']) }
}
