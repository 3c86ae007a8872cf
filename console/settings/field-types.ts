import { queryClient } from '../app/api.ts'
import type { FieldType } from '../leads/members.ts'
import { fieldsQuery } from '../leads/queries.ts'

export const typeLabels = {
  text: 'Text, one line',
  textarea: 'Text, several lines',
  number: 'Number',
  date: 'Date',
  boolean: 'Yes or no',
  select: 'One of a list',
  multi_select: 'Several of a list',
} as const satisfies Record<FieldType, string>

export const readFieldsAgain = (): void => {
  void queryClient.invalidateQueries({ queryKey: fieldsQuery.queryKey })
  void queryClient.invalidateQueries({ queryKey: ['leads'] })
}
