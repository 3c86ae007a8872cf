import { ActionIcon, Tooltip } from '@mantine/core'
import { IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { copyText } from '../app/clipboard.ts'
import { say } from '../app/say.ts'
import { useMay } from '../app/session.ts'
import { nameOf } from '../ui/name.ts'
import { Skeleton } from '../ui/skeleton.tsx'
import { shownMoment } from './editors/dates.ts'
import { type Definitions, fieldMember, heldValue, type Member, type ShownLead } from './members.ts'
import classes from './panel.module.css'
import { Field, useEditing } from './panel-field.tsx'

const workMembers = ['status', 'assignedUsers', 'tags'] as const satisfies readonly Member[]
const contactMembers = [
  'company_name',
  'first_name',
  'last_name',
  'email',
  'phone_number',
] as const satisfies readonly Member[]

const sourceWords = {
  manual: 'Entered by hand',
  campaign: 'Campaign',
  partnership: 'Partnership',
  integration: 'Integration',
  lead_submission_form: 'Form',
} as const satisfies Record<ShownLead['source'], string>

const partnerWords = { referral: 'Referral', reseller: 'Reseller' } as const

/** The custom fields that a lead may hold, empty ones too, and archived ones where they hold something. */
const fieldsOfLead = (lead: ShownLead, { fields }: Pick<Definitions, 'fields'>): Member[] =>
  fields
    .filter(({ id, category, partner_type, archived_at }) => {
      if (category !== 'lead') return false
      const isOffered = archived_at === null && (partner_type === null || partner_type === lead.partner_type)
      return isOffered || heldValue(lead, fieldMember(id)) !== null
    })
    .map(({ id }) => fieldMember(id))

interface LeadDetailsProps {
  readonly lead: ShownLead
  readonly definitions: Definitions
}

/** All that is known of a lead, each member edited where it stands. */
export function LeadDetails({ lead, definitions }: LeadDetailsProps) {
  const mayEdit = useMay('updateLead')
  const custom = fieldsOfLead(lead, definitions)
  const editing = useEditing([...workMembers, ...contactMembers, ...custom, 'external_id'])
  const field = (member: Member): ReactNode => (
    <Field key={member} member={member} lead={lead} definitions={definitions} editing={editing} mayEdit={mayEdit} />
  )
  return (
    <>
      <section className={classes['section']} aria-label="Status and people">
        {workMembers.map(field)}
      </section>
      <Section title="Contact">{contactMembers.map(field)}</Section>
      {lead.custom_fields === undefined ? (
        <Skeleton lines={4} label="Loading the custom fields" />
      ) : (
        custom.length > 0 && <Section title="Custom fields">{custom.map(field)}</Section>
      )}
      <Section title="Details">
        {field('external_id')}
        <Facts lead={lead} definitions={definitions} />
      </Section>
    </>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes['section']}>
      <h3 className={classes['title']}>{title}</h3>
      {children}
    </section>
  )
}

/** What nobody can change. */
function Facts({ lead, definitions }: LeadDetailsProps) {
  const creator = definitions.users.find(({ id }) => id === lead.created_by_user_id)
  return (
    <>
      <Fact label="Created">
        <Moment at={lead.created_at} />
        {creator !== undefined && <span className={classes['aside']}> by {nameOf(creator)}</span>}
      </Fact>
      <Fact label="Last change">
        <Moment at={lead.updated_at} />
      </Fact>
      <Fact label="Source">{sourceWords[lead.source]}</Fact>
      {lead.partner_type !== null && <Fact label="Partner type">{partnerWords[lead.partner_type]}</Fact>}
      {lead.campaign_title !== null && <Fact label="Campaign">{lead.campaign_title}</Fact>}
      <Fact label="Id" copied={String(lead.id)}>
        {lead.id}
      </Fact>
      <Fact label="UUID" copied={lead.uuid}>
        <span className={classes['code']}>{lead.uuid}</span>
      </Fact>
    </>
  )
}

interface FactProps {
  readonly label: string
  /** What a button beside it copies. */
  readonly copied?: string
  readonly children: ReactNode
}

function Fact({ label, copied, children }: FactProps) {
  return (
    <div className={classes['field']}>
      <div className={classes['label']}>{label}</div>
      <div className={classes['fact']}>
        <span className={classes['value']}>{children}</span>
        {copied !== undefined && (
          <Tooltip label={`Copy the ${label.toLowerCase()}`}>
            <ActionIcon aria-label={`Copy the ${label.toLowerCase()}`} onClick={() => void copy(copied, label)}>
              <IconCopy size={14} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
    </div>
  )
}

/** Copies a text and says so. @param what such as `Link` */
export async function copy(text: string, what: string): Promise<void> {
  if (await copyText(text)) say(`${what} copied.`)
  else say(`The browser did not let it be copied: ${text}`, 'failed')
}

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

const Moment = ({ at }: { readonly at: string }) => (
  <time dateTime={at} title={exact.format(Date.parse(at))}>
    {shownMoment(at)}
  </time>
)
