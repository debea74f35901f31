import { Trans, useLingui } from '@lingui/react/macro'
import type { ActivityItem_EntryFragment } from '../../graphql/generated.ts'
import { useTimeFormat } from '../../ui/TimeFormat.tsx'
import { fieldInWords, valueInWords } from './change-words.ts'
import classes from './Changes.module.css'

interface ChangesProps extends Pick<ActivityItem_EntryFragment, 'changes' | 'account'> {
  eventNames: ReadonlyMap<string, string>
}

/** What differs, before → after. */
export function Changes({ changes, account, eventNames }: ChangesProps) {
  const { i18n } = useLingui()
  const dictionary = { i18n, format: useTimeFormat(), eventNames }

  return (
    <dl className={classes.changes}>
      {changes.map(({ field, before, after }) => (
        <div key={field}>
          <dt>{fieldInWords(field, dictionary)}</dt>
          <dd>
            {before !== null && (
              <>
                <del>
                  <span className="ly-visually-hidden">
                    <Trans>before:</Trans>
                  </span>{' '}
                  {valueInWords(field, before, dictionary)}
                </del>
                <span aria-hidden> → </span>
              </>
            )}
            <ins>
              <span className="ly-visually-hidden">
                <Trans>after:</Trans>
              </span>{' '}
              {valueInWords(field, after, dictionary)}
            </ins>
          </dd>
        </div>
      ))}
      {account && (
        <div>
          <dt>
            <Trans>Account</Trans>
          </dt>
          <dd>{account.name}</dd>
        </div>
      )}
    </dl>
  )
}
