import { useLingui } from '@lingui/react/macro'
import { UnstyledButton } from '@mantine/core'
import { IconLanguage } from '@tabler/icons-react'
import { languageCodes, languages, showLanguage } from '../../app/languages.ts'
import classes from './LanguageChoice.module.css'

/** The language until it is known who is there; kept on this device. */
export function LanguageChoice() {
  const { t, i18n } = useLingui()
  return (
    <ul aria-label={t`Language`} className={classes.languages}>
      {languageCodes.map((code) => {
        const { locale, name } = languages[code]
        return (
          <li key={code}>
            {code === languageCodes[0] && <IconLanguage aria-hidden size={16} stroke={1.7} />}
            <UnstyledButton
              lang={locale}
              className={classes.language}
              aria-pressed={i18n.locale === locale}
              onClick={() => void showLanguage(code)}
            >
              {name}
            </UnstyledButton>
          </li>
        )
      })}
    </ul>
  )
}
