/** The account and region in which the sandbox plays. The account is one of those that AWS uses in its own documentation. */
export const AWS_ACCOUNT = '111122223333' as const;
export const AWS_REGION = 'us-east-1' as const;

/** Credentials for the emulator: they sign, and nobody checks them. */
export const DUMMY_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'sandbox', AWS_SECRET_ACCESS_KEY: 'sandbox' } as const;
