/**
 * The id of an Availability Zone, such as `apne1-az3` for `ap-northeast-1c`: a short form of the
 * Region and a number. Which letter has which number differs between real accounts.
 */
export function zoneId(region: string, zone: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  const short = direction.replaceAll(/(north|south|east|west|central)/g, (word) =>
    word.slice(0, 1),
  );
  const letter = zone.slice(-1).charCodeAt(0) - 'a'.charCodeAt(0) + 1;
  return `${area}${short}${number}-az${String(letter)}`;
}
