// What a cluster must be to become one of another type. Read 2026-11-21.

/** https://docs.aws.amazon.com/msk/latest/developerguide/msk-broker-types-express.html */
export const EXPRESS_NEEDS = {
  zones: 3,
  kafkaLines: ['3.6', '3.8', '3.9'],
  unverified: 'a later copy of the page names 4.2, too',
} as const;
