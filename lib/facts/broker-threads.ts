// Defaults of MSK for threads of small Standard brokers: https://docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html.
export const MSK_THREADS = { io: 8, network: 5 } as const;
