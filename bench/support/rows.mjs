import { median, ratios } from './statistics.mjs';

const number = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
const seconds = (value) => `${number(value)} s`;

/**
 * A row per candidate that devsetup is compared with.
 *
 * @param {{ title: string, results: Record<string, number[]>, targets?: Record<string, string> }} options
 */
export const timeRows = ({ title, results, targets = {} }) => {
  const { devsetup, ...others } = results;
  return Object.entries(others).map(([name, values]) => {
    const ratio = ratios(devsetup, values);
    return [
      title,
      name,
      seconds(median(devsetup)),
      seconds(median(values)),
      `**${number(ratio.median)}×** (${number(ratio.min)}–${number(ratio.max)})`,
      targets[name] ?? '',
    ];
  });
};

export const TIME_HEAD = ['devsetup against', 'other', 'devsetup', 'the other', 'faster by (min–max)', 'to reach'];
export { number };
