import type { Language } from '../../language.ts'

/** For whom, and from where, a message is put into words. */
export interface Scene {
  language: Language
  /** IANA name of the recipient's zone. */
  timeZone: string
  /** Where our links lead. */
  publicUrl: URL
  /** Names the delivery to carriers. */
  reference: string
  deliveryId: string
  /** Where one POST ends mail of this sort (RFC 8058). Only mail about events that are no alerts carries it. */
  unsubscribeUrl?: string
  /** The last part of the link by which the recipient says that it was not them. Messages about security carry it. */
  notMeReference?: string
  /** What the person wants of pushes. */
  pushWishes?: { sound: string; persistentFrom: string; showsContent: boolean }
}
