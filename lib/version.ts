// The version of this tool, as package.json has it.
import manifest from '../package.json' with { type: 'json' };

export const TOOL_VERSION: string = manifest.version;
