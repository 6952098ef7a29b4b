import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBasket } from '../src/basket.js';

test('an item is in the basket once', () => {
  const seen = [];
  const basket = createBasket();
  basket.on('change', (items) => seen.push(items));
  basket.add('Cordless drill');
  basket.add('Cordless drill');
  basket.remove('Cordless drill');
  assert.deepEqual(seen, [['Cordless drill'], ['Cordless drill'], []]);
});
