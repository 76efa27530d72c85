/** A status page that is ready for use: `stripe: preset` in the rules file. */
export interface StatusPagePreset {
  /** The key under `status_pages`. */
  readonly name: string;
  readonly vendor: string;
  readonly url: string;
  readonly dialect: 'statuspage' | 'google' | 'aws';
  /** Whether payments fail when this vendor is down. */
  readonly payments: boolean;
  /** What the groups of its components mean, for `uses`; null where we have not seen them. */
  readonly groups: string | null;
  /** Public sources that show the address and its format. We have fetched none of them ourselves. */
  readonly evidence: string;
  /** False: the address is the vendor's, but no public source shows that its summary can be read. */
  readonly isVerified: boolean;
}
