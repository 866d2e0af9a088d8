// What is asked of the disk: who a file is, which names a folder has, and what stands in a data file, whether it was compacted or not.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const DAY_FILE = /^skill-invocations-\d{4}-\d\d-\d\d\.jsonl$/;
const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fs.constants;

/** The same from one look to the next, whatever the file's name. */
const identityOf = ({ dev, ino }) => `${dev}:${ino}`;

const lookAt = (file) => fs.lstatSync(file, { bigint: true, throwIfNoEntry: false });

/**
 * `{ plain, isPacked, version }`: a look at a file itself, `null` where no regular file has the name, and whether the addon has to read it, because
 * `obs compact` packed what came first of it: then it is there under its name as long as nothing else is. With anything that is done
 * to it the version is another one.
 */
function formOf(file) {
  const plain = lookAt(file);
  const isDay = DAY_FILE.test(path.basename(file)) && (plain === undefined || plain.isFile());
  const packed = isDay ? lookAt(`${file}.gz`) : undefined;
  const version = `${plain?.ctimeNs} ${packed?.ctimeNs}`;
  return { plain: plain?.isFile() ? plain : null, isPacked: packed?.isFile() === true, version };
}

/** The names in a folder that may not be there. */
function namesIn(folder) {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
}

/** A file that is open for reading: who it is, how long by now, and the bytes at a place, as many as there are. */
class PlainFile {
  #fd;
  isPacked = false;

  constructor(fd) {
    this.#fd = fd;
    this.identity = identityOf(fs.fstatSync(fd, { bigint: true }));
  }

  get size() {
    return fs.fstatSync(this.#fd).size;
  }

  read(position, length) {
    const bytes = Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const count = fs.readSync(this.#fd, bytes, done, length - done, position + done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  }

  close() {
    fs.closeSync(this.#fd);
  }
}

/** The same of a compacted day with what was appended since, as one file. */
class PackedFile {
  #file;
  isPacked = true;

  constructor(file) {
    this.#file = file;
    this.identity = file.stat().identity;
  }

  get size() {
    return this.#file.stat().size;
  }

  read(position, length) {
    return this.#file.read(position, length);
  }

  close() {
    this.#file.close();
  }
}

/** The disk as exports see it; `core` gives them the addon. */
class Disk {
  #core;

  constructor(core) {
    this.#core = core;
  }

  /** `{ identity, size, changed, version }` of a regular file, else `null`. */
  statOf(file) {
    const { plain, isPacked, version } = formOf(file);
    const changed = Number(plain?.mtimeMs ?? 0);
    if (!isPacked) return plain && { identity: identityOf(plain), size: Number(plain.size), changed, version };
    const found = this.#core.call('dataStat', file);
    return found && { ...found, changed, version };
  }

  /** Opens a file, `null` when there is none; no link is followed, and no pipe waited for. */
  open(file) {
    if (formOf(file).isPacked) {
      const found = this.#core.call('openData', file);
      return found && new PackedFile(found);
    }
    try {
      return new PlainFile(fs.openSync(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
    } catch (error) {
      if (error.code === 'ENOENT' || error.code === 'ELOOP') return null;
      throw error;
    }
  }
}

module.exports = { Disk, namesIn };
