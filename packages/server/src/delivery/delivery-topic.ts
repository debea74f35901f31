/** The NOTIFY channel on which processes tell each other that a live delivery changed: a hint, the truth is the row. */
export const deliveryChangedTopic = 'delivery_changed'

export interface DeliveryChanged {
  userId: string
  id: string
}
