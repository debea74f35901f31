import { useLingui } from '@lingui/react'
import { Trans } from '@lingui/react/macro'
import { Button } from '@mantine/core'
import { type ChangeEvent, useId, useRef, useState } from 'react'
import { errorMessages } from '../../app/error-messages.ts'
import { Avatar } from '../../ui/Avatar.tsx'
import { type SquarePicture, squarePicture } from './square-picture.ts'
import classes from './PictureField.module.css'

interface PictureFieldProps {
  name: string
  /** Of the picture that is saved. */
  savedUrl: string | null
  /** What is chosen instead: null = none, undefined = what is saved. */
  chosen: SquarePicture | null | undefined
  onChoose: (picture: SquarePicture | null | undefined) => void
}

/** The picture of a person, as it is and as it will be once it is saved. */
export function PictureField({ name, savedUrl, chosen, onChoose }: PictureFieldProps) {
  const { i18n } = useLingui()
  const labelId = useId()
  const input = useRef<HTMLInputElement>(null)
  const chooseButton = useRef<HTMLButtonElement>(null)
  const [unreadable, setUnreadable] = useState(false)
  const url = chosen === null ? null : savedUrl
  const hasPicture = Boolean(chosen ?? url)

  const choose = async ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const file = currentTarget.files?.[0]
    // The same file may be chosen once more.
    currentTarget.value = ''
    if (!file) return
    const picture = await squarePicture(file)
    setUnreadable(!picture)
    if (picture) onChoose(picture)
  }
  const remove = () => {
    setUnreadable(false)
    onChoose(savedUrl === null ? undefined : null)
    // The button that was pressed is about to go.
    chooseButton.current?.focus()
  }

  return (
    <fieldset aria-labelledby={labelId} className={classes.field}>
      {chosen ? <Preview picture={chosen} /> : <Avatar name={name} url={url} size="xl" />}
      <div>
        <div id={labelId} className={classes.label}>
          <Trans>Picture</Trans>
        </div>
        <div className={classes.buttons}>
          <Button ref={chooseButton} variant="default" size="xs" onClick={() => input.current?.click()}>
            {hasPicture ? <Trans>Choose another…</Trans> : <Trans>Choose a picture…</Trans>}
          </Button>
          {hasPicture && (
            <Button variant="default" size="xs" onClick={remove}>
              <Trans>Remove picture</Trans>
            </Button>
          )}
        </div>
        {unreadable && (
          <p role="alert" className={classes.fault}>
            {i18n._(errorMessages.PICTURE_UNREADABLE)}
          </p>
        )}
      </div>
      <input
        ref={input}
        hidden
        type="file"
        accept="image/*"
        aria-labelledby={labelId}
        onChange={(event) => void choose(event)}
      />
    </fieldset>
  )
}

function Preview({ picture: { canvas } }: { picture: SquarePicture }) {
  return <span aria-hidden className={classes.preview} ref={(place) => place?.replaceChildren(canvas)} />
}
