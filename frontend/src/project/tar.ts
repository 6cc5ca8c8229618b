/** A folder as one file: a tar whose parts are the browser's own files, so that nothing is copied into memory. */

const BLOCK = 512;
const LONGEST_NAME = 100;
const LONGEST_PREFIX = 155;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, "0")}\0`;

/** A ustar name is at most 100 bytes with up to 155 more of folders before it. */
function split(path: string): { name: string; prefix: string } {
  if (ascii(path).length <= LONGEST_NAME) return { name: path, prefix: "" };
  for (let cut = path.indexOf("/"); cut >= 0; cut = path.indexOf("/", cut + 1)) {
    const name = path.slice(cut + 1);
    const prefix = path.slice(0, cut);
    if (ascii(name).length <= LONGEST_NAME && ascii(prefix).length <= LONGEST_PREFIX) return { name, prefix };
  }
  throw new RangeError(path);
}

/** The header of one file (POSIX ustar). */
export function header(path: string, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const { name, prefix } = split(path);
  const put = (text: string, at: number): void => block.set(ascii(text), at);
  put(name, 0);
  put(octal(0o644, 8), 100);
  put(octal(0, 8), 108);
  put(octal(0, 8), 116);
  put(octal(size, 12), 124);
  put(octal(0, 12), 136);
  put(" ".repeat(8), 148);
  put("0", 156);
  put("ustar\u000000", 257);
  put(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** All files of a folder that was chosen, as one file named after it.
 *
 * @throws RangeError with the path that is too long for a tar.
 */
export function tarOf(files: readonly File[]): File {
  const parts: BlobPart[] = [];
  for (const file of files) {
    parts.push(header(file.webkitRelativePath || file.name, file.size) as BlobPart, file);
    parts.push(new Uint8Array((BLOCK - (file.size % BLOCK)) % BLOCK));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  const folder = files[0]?.webkitRelativePath.split("/")[0] || "folder";
  return new File(parts, `${folder}.tar`);
}
