/** Whether one letter too many, too few or wrong, or two that changed places, make the difference. */
export function isOneOff(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  let [l, r] = [left.length, right.length];
  while (l > start && r > start && left[l - 1] === right[r - 1]) {
    l--;
    r--;
  }
  const [a, b] = [left.slice(start, l), right.slice(start, r)];
  if (a.length <= 1 && b.length <= 1) return true;
  return a.length === 2 && b.length === 2 && a[0] === b[1] && a[1] === b[0];
}
