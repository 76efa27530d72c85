// The panel of one event: opened by the address, brought up to date when its event changes.
import { readEvent } from './api.js';
import { showDetail, showNoDetail } from './detail-view.js';
import { byId } from './dom.js';

/** @param {() => string} closeAddress */
export const createPanel = (closeAddress) => {
  const section = byId('detail', HTMLElement);
  const main = byId('main', HTMLElement);
  /** @type {string | null} */
  let eventId = null;

  const load = async () => {
    const asked = eventId;
    if (asked === null) return;
    try {
      const event = await readEvent(asked);
      if (asked === eventId) showDetail(section, event, closeAddress(), () => void refresh());
    } catch (problem) {
      if (asked === eventId)
        showNoDetail(section, problem instanceof Error ? problem.message : String(problem), closeAddress());
    }
  };

  /** Somebody is writing a note, which a new picture would take away. */
  const isWriting = () => {
    const active = document.activeElement;
    return active instanceof HTMLInputElement && section.contains(active) && active.value !== '';
  };

  const refresh = async () => {
    const hadFocus = section.contains(document.activeElement);
    const wasUnfolded = section.querySelector('details')?.open === true;
    await load();
    const folded = section.querySelector('details');
    if (folded) folded.open = wasUnfolded;
    if (hadFocus && !section.contains(document.activeElement)) byId('detail-title', HTMLElement).focus();
  };

  return {
    /** @param {string | null} id */
    async show(id) {
      if (id === eventId) return;
      eventId = id;
      section.hidden = id === null;
      main.classList.toggle('has-detail', id !== null);
      if (id === null) {
        section.replaceChildren();
        return;
      }
      await load();
      if (id === eventId) byId('detail-title', HTMLElement).focus();
    },
    /** @param {string} changedId */
    changed(changedId) {
      if (changedId === eventId && !isWriting()) void refresh();
    },
  };
};
