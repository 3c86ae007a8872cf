import type { CustomField } from '../../sdk/index.ts'

/**
 * What the API says of custom fields, by their labels: it names them by their numbers.
 *
 * @returns `Account reference is required` for `Custom field 12 is required`; a field that is not known keeps its number
 */
export const withFieldNames = (text: string, fields: readonly Pick<CustomField, 'id' | 'label'>[]): string =>
  text.replace(/\bCustom field (\d+)\b/g, (said, id) => fields.find((one) => one.id === Number(id))?.label ?? said)
