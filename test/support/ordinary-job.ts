/** Fields of a job definition of which neither config nor AWS says anything, where the network gives public addresses. */
export const ordinaryJob = {
  logOptions: {},
  secrets: {},
  architecture: 'X86_64',
  ephemeralStorage: null,
  propagateTags: false,
  schedulingPriority: null,
  assignPublicIp: true,
  user: null,
  readonlyRootFilesystem: false,
  privileged: false,
  volumes: [],
  mountPoints: [],
  other: {},
} as const;
