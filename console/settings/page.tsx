import { Link, useParams } from '@tanstack/react-router'
import { type ComponentType, lazy, Suspense } from 'react'
import { useSession } from '../app/session.ts'
import { Lost } from '../app/trouble.tsx'
import { Page } from '../ui/page.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import classes from './page.module.css'

interface Section {
  readonly name: string
  readonly label: string
  /** The operation that whoever opens it must be allowed to do. */
  readonly needs: string
  readonly content: ComponentType
}

const sections: readonly Section[] = [
  {
    name: 'tags',
    label: 'Tags',
    needs: 'listTags',
    content: lazy(() => import('./tags.tsx').then(({ Tags }) => ({ default: Tags }))),
  },
  {
    name: 'fields',
    label: 'Custom fields',
    needs: 'listCustomFields',
    content: lazy(() => import('./fields.tsx').then(({ Fields }) => ({ default: Fields }))),
  },
  {
    name: 'users',
    label: 'Users',
    needs: 'createUser',
    content: lazy(() => import('./users.tsx').then(({ Users }) => ({ default: Users }))),
  },
  {
    name: 'company',
    label: 'Company',
    needs: 'changeCompany',
    content: lazy(() => import('./company.tsx').then(({ Company }) => ({ default: Company }))),
  },
  {
    name: 'import',
    label: 'Import',
    needs: 'importLeads',
    content: lazy(() => import('./imports.tsx').then(({ Imports }) => ({ default: Imports }))),
  },
  {
    name: 'export',
    label: 'Export',
    needs: 'exportLeads',
    content: lazy(() => import('./export.tsx').then(({ Export }) => ({ default: Export }))),
  },
]

/** What a company defines, who belongs to it, and its leads as files. */
export function SettingsPage() {
  const { section } = useParams({ from: '/signed-in/settings/$section' })
  const { operations } = useSession()
  const open = sections.filter(({ needs }) => operations.includes(needs))
  const chosen = open.find(({ name }) => name === section)
  const Content = chosen?.content ?? Lost
  return (
    <Page title="Settings">
      <div className={classes['settings']}>
        <nav className={classes['sections']} aria-label="Settings">
          {open.map(({ name, label }) => (
            <Link key={name} to="/settings/$section" params={{ section: name }} className={classes['section']}>
              {label}
            </Link>
          ))}
        </nav>
        <section className={classes['content']} aria-label={chosen?.label}>
          <Suspense fallback={<Skeleton />}>
            <Content />
          </Suspense>
        </section>
      </div>
    </Page>
  )
}
