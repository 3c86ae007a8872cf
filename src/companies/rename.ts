import { companyNameMax } from '../contract/company.ts'
import { BodyReader, type Read } from '../http/body-reader.ts'
import { wireTime } from '../kernel/time.ts'
import type { Work } from '../storage/port.ts'
import type { Row } from '../storage/tables.ts'

/** What may be changed of a company; undefined stays. */
export interface CompanyChange {
  readonly name: string | undefined
}

/** @throws Refusal `body_not_object`, or `invalid_body` with every fault */
export function readCompanyChange(body: unknown): Read<CompanyChange> {
  const reader = new BodyReader(body)
  const name = reader.notBlank('name', companyNameMax, 'when sent')
  return { value: { name }, ignored: reader.finish(['name']) }
}

/** Renames a company. It is a change of definitions, as every process keeps the company with these. */
export const renameCompany = (
  companyId: number,
  { name }: CompanyChange,
  { wholeSeconds }: { readonly wholeSeconds: boolean },
): Work<ReturnType<typeof companyView>> => ({
  companyId,
  keys: {},
  changesDefinitions: true,
  decide: (_, { definitions: { company } }) => {
    const renamed = { ...company, name: name ?? company.name }
    const key = { id: company.id }
    return {
      reply: companyView(renamed, wholeSeconds),
      writes:
        renamed.name === company.name ? [] : [{ kind: 'update', table: 'companies', key, set: { name: renamed.name } }],
    }
  },
})

/** A company as it is answered, without its counts. */
export const companyView = ({ id, uuid, name, created_at }: Row<'companies'>, wholeSeconds: boolean) => ({
  id,
  uuid,
  name,
  created_at: wireTime(created_at, wholeSeconds),
})
