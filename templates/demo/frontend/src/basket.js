import mitt from 'mitt';

/** The items somebody wants to borrow; `change` is emitted with the current list. */
export const createBasket = () => {
  const items = new Set();
  const events = mitt();
  const change = () => events.emit('change', [...items]);
  return {
    on: events.on,
    add: (item) => {
      items.add(item);
      change();
    },
    remove: (item) => {
      items.delete(item);
      change();
    },
  };
};
