// A vendor by the name of its source.

/** @param {string} source such as `braze_status` */
export const vendorName = (source) => {
  const name = source.replace(/_status$/, '');
  return name === '' ? source : name[0]?.toUpperCase() + name.slice(1);
};
