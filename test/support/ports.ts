export { freePort } from '../../deploy/local/ports.ts';
