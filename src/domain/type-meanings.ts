/** Types of Stripe whose own words say less, or something else, than they mean where an alert is made of them. */
export const typeMeanings: Readonly<Record<string, string>> = {
  'account.updated': 'Account cannot charge or be paid',
  'balance.available': 'Balance is negative',
  'capability.updated': 'Capability lost',
  'charge.dispute.updated': 'Inquiry became a dispute',
  'charge.refund.updated': 'Refund failed',
  'refund.updated': 'Refund failed',
};
