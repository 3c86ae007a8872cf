import { Page } from '../ui/page.tsx'

export function LeadPage() {
  return <Page title="Lead">{null}</Page>
}
