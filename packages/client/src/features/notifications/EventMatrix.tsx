import { useIsPhone } from '../../ui/use-is-phone.ts'
import { EventMatrixList } from './EventMatrixList.tsx'
import { EventMatrixTable } from './EventMatrixTable.tsx'
import { type EventMatrixProps } from './event-matrix.ts'

/** Every event and the channels it comes over: a table where there is room, else a list. */
export function EventMatrix(props: EventMatrixProps) {
  return useIsPhone() ? <EventMatrixList {...props} /> : <EventMatrixTable {...props} />
}
