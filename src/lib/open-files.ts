import * as z from 'zod';

const reportSchema = z.object({
  userLimits: z.object({ open_files: z.object({ soft: z.union([z.number(), z.literal('unlimited')]) }) }),
});

/** How many files and connections this process may have open at once; unlimited where the system does not say. */
export const readMaxOpenFiles = (report: Pick<NodeJS.ProcessReport, 'getReport'>): number => {
  // Without it, names are looked up for every connection.
  Object.assign(report, { excludeNetwork: true });
  const { data } = reportSchema.safeParse(report.getReport());
  const soft = data?.userLimits.open_files.soft;
  return typeof soft === 'number' ? soft : Number.MAX_SAFE_INTEGER;
};
