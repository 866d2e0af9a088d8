// The loggers that people use: the same record written by pino and by winston, for information.
import path from 'node:path';
import pino from 'pino';
import winston from 'winston';

const withoutTime = ({ timestamp: _, ...record }) => record;

/** A contestant that writes records with pino to a synchronous destination. */
export function pinoContestant(folder, make) {
  const destination = pino.destination({ dest: path.join(folder, 'pino.jsonl'), sync: true });
  const logger = pino({ base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    ...make,
    prepare: (size) => make.prepare(size).map(withoutTime),
    run: (records) => {
      for (const record of records) logger.info(record);
    },
  };
}

function winstonLogger(folder) {
  const transport = new winston.transports.File({ filename: path.join(folder, 'winston.jsonl') });
  const format = winston.format.combine(winston.format.timestamp(), winston.format.json());
  return { transport, logger: winston.createLogger({ format, transports: [transport] }) };
}

/** Resolves when the transport has said of `total` records that they are in the file. */
function allLogged(transport, total) {
  let left = total;
  return new Promise((resolve) => {
    transport.on('logged', () => (left -= 1) === 0 && resolve());
  });
}

/** A contestant that writes records with winston's file transport; a turn ends when all of them are in the file. */
export function winstonContestant(folder, make) {
  return {
    ...make,
    prepare: (size) => ({ records: make.prepare(size).map(withoutTime), ...winstonLogger(folder) }),
    run: async ({ records, transport, logger }) => {
      const finished = allLogged(transport, records.length);
      for (const record of records) logger.info({ message: '', ...record });
      await finished;
      logger.close();
    },
  };
}
