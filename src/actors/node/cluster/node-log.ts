/** What a node says of itself while it runs: one event a transition, as text for people or as JSON lines. */

import winston from 'winston';
import type { Log } from './node-options.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  readonly form: 'text' | 'json';
  readonly level: LogLevel;
}

/** To standard error. */
export function nodeLog({ form, level }: LogOptions): Log {
  const { combine, timestamp, printf, json } = winston.format;
  const text = printf(({ timestamp: time, level: severity, message, ...details }) => {
    const told = Object.entries(details).map(([name, value]) => `${name}=${shown(value)}`);
    return [time, severity.padEnd(5), message, ...told].join(' ');
  });
  const logger = winston.createLogger({
    level,
    format: combine(timestamp(), form === 'json' ? json() : text),
    transports: [new winston.transports.Console({ stderrLevels: [...LOG_LEVELS] })],
  });
  return (severity, event, details) => {
    logger.log(severity, event, details);
  };
}

function shown(value: unknown): string {
  const text = String(value);
  return /[\s"]/.test(text) ? JSON.stringify(text) : text;
}
