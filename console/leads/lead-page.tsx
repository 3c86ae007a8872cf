import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useNavigate, useParams } from '@tanstack/react-router'
import { waggle } from '../app/api.ts'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { nameOfLead } from './change.ts'
import classes from './panel.module.css'
import { LeadBody, useLead } from './panel.tsx'
import { LeadActions } from './panel-actions.tsx'

/** One lead on a page of its own, by its number; by its uuid too, as programs may know it by nothing else. */
export function LeadPage() {
  const { leadId } = useParams({ from: '/signed-in/leads/$leadId' })
  return /^[1-9]\d{0,15}$/.test(leadId) ? <Whole key={leadId} id={Number(leadId)} /> : <ByUuid uuid={leadId} />
}

function Whole({ id }: { readonly id: number }) {
  const { lead, trouble } = useLead(id)
  const navigate = useNavigate()
  const title = lead === undefined ? (trouble?.title ?? 'Lead') : nameOfLead(lead)
  return (
    <Page
      title={
        <span className={classes['crumbs']}>
          <Link to="/leads" className={classes['crumb']}>
            Leads
          </Link>
          <span aria-hidden>/</span>
          <span className={classes['here']}>{title}</span>
        </span>
      }
      actions={lead !== undefined && <LeadActions lead={lead} gone={() => void navigate({ to: '/leads' })} />}
    >
      <div className={classes['page']}>
        <h2 className="visually-hidden">All of this lead</h2>
        <LeadBody lead={lead} trouble={trouble} />
      </div>
    </Page>
  )
}

function ByUuid({ uuid }: { readonly uuid: string }) {
  const { data, error } = useQuery({
    queryKey: ['lead-number', uuid],
    queryFn: async ({ signal }) => (await waggle.leads.get(uuid, { signal })).id,
  })
  if (data !== undefined) return <Navigate to="/leads/$leadId" params={{ leadId: String(data) }} replace />
  if (error === null) return <Skeleton label="Loading the lead" />
  return (
    <Empty title="This lead is not here" action={<Link to="/leads">Go to the leads</Link>}>
      It has been deleted, or it is not one that you may see. The address may also be wrong.
    </Empty>
  )
}
