/** Short, since a vendor whose secret was put right must come back soon. */
export const webhookLimits = { allowed: 20, firstWaitMs: 10_000, maxWaitMs: 10_000, forgetAfterMs: 10_000 };
