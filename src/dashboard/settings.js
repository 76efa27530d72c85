// What one browser remembers: the zone, the name that silences are made under, whether keys are on. A browser that
// keeps nothing (a private window) works all the same.

/** @typedef {'utc' | 'by' | 'keys'} SettingName */

const prefix = 'vendor-signals:';

/** @param {SettingName} name */
export const readSetting = (name) => {
  try {
    return localStorage.getItem(prefix + name);
  } catch {
    return null;
  }
};

/** @param {SettingName} name @param {string} value */
export const writeSetting = (name, value) => {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // It holds until the dashboard is closed.
  }
};
