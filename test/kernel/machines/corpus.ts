import { choices } from './choices.ts';
import { delays } from './delays.ts';
import { failing } from './failing.ts';
import { history } from './history.ts';
import { loops } from './loops.ts';
import { messages } from './messages.ts';
import { nested } from './nested.ts';
import { outputs } from './outputs.ts';
import { parallel } from './parallel.ts';
import { promises } from './promises.ts';
import { sends } from './sends.ts';
import { siblings } from './siblings.ts';
import { spawning } from './spawning.ts';
import type { Subject } from './subject.ts';
import { transitions } from './transitions.ts';

export const corpus: Readonly<Record<string, Subject>> = {
  choices,
  delays,
  failing,
  history,
  loops,
  messages,
  nested,
  outputs,
  parallel,
  promises,
  sends,
  siblings,
  spawning,
  transitions,
};
