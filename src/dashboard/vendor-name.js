// A vendor by the name of its source.

/** @type {ReadonlySet<string>} */
let posting = new Set();

/** Vendors that post to us may have a status page as well, which is then called one. @param {readonly string[]} sources */
export const setPostingSources = (sources) => {
  posting = new Set(sources);
};

/** @param {string} source such as `braze_status` */
export const vendorName = (source) => {
  const name = source.replace(/_status$/, '');
  if (name === '') return source;
  const words = name[0]?.toUpperCase() + name.slice(1);
  return name !== source && posting.has(name) ? `${words} status page` : words;
};
