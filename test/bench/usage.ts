import { readdirSync, readFileSync } from 'node:fs';

// Linux counts processor time in ticks of 10 ms (`getconf CLK_TCK`), on every architecture Node runs on.
const msPerTick = 10;

/** Every process of the machine at one moment: its parent, and the processor time of itself and its reaped children. */
export type Processes = ReadonlyMap<number, { readonly parentPid: number; readonly cpuMs: number }>;

/** Reads `/proc`; empty where there is none. */
export function readProcesses(): Processes {
  const processes = new Map<number, { parentPid: number; cpuMs: number }>();
  for (const name of readNames('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readText(`/proc/${name}/stat`);
    // The second field is the command in parentheses and may hold anything, so count from its end (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields.length < 15) continue;
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    processes.set(Number(name), { parentPid: Number(fields[1]), cpuMs: ticks * msPerTick });
  }
  return processes;
}

/** Processor time that all processes of the machine have used together, in ms; 0 where it cannot be read. */
export function machineCpuMs(): number {
  // user, nice, system, idle, iowait, irq, softirq, …: all but idle and iowait (proc(5)).
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    /^cpu +(.*)$/m.exec(readText('/proc/stat'))?.[1] ?? ''
  )
    .split(' ')
    .map(Number);
  return (user + nice + system + irq + softirq) * msPerTick;
}

/** A process and all that descend from it; none for null. */
export function familyOf(processes: Processes, pid: number | null): number[] {
  if (pid === null) return [];
  const family = [pid];
  // The array grows while it is walked: children are appended behind their parents.
  for (const parentPid of family) {
    for (const [childPid, child] of processes) {
      if (child.parentPid === parentPid) family.push(childPid);
    }
  }
  return family;
}

/** Processor time of a process and its descendants, the dead ones included. */
export function cpuMsOf(processes: Processes, pid: number | null): number {
  return familyOf(processes, pid).reduce((sum, one) => sum + (processes.get(one)?.cpuMs ?? 0), 0);
}

/** The most memory one process has had resident, in MB; 0 if it cannot be read. */
export function peakRssMb(pid: number | null): number {
  if (pid === null) return 0;
  return fieldMb(readText(`/proc/${pid}/status`), 'VmHWM');
}

/**
 * What a process and its descendants hold now, in MB, with shared pages counted once. Summing the peaks of PostgreSQL's
 * processes would count its shared buffers once for each connection.
 */
export function familyPssMb(pid: number | null): number {
  return familyOf(readProcesses(), pid).reduce(
    (sum, one) => sum + fieldMb(readText(`/proc/${one}/smaps_rollup`), 'Pss'),
    0,
  );
}

function fieldMb(text: string, field: string): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  return Number(kilobytes ?? 0) / 1_024;
}

/** Processes come and go while we read, so a file that is gone reads as empty. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function readNames(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
