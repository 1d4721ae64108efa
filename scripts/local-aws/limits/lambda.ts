import { type Limits, refuseWith } from '../wire/limits.ts';

const namespacedFunctionName = {
  min: 1,
  max: 256,
  pattern:
    '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?',
};
const numericLatestPublishedOrAliasQualifier = {
  min: 1,
  max: 128,
  pattern: '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+',
};
const functionName = {
  min: 1,
  max: 140,
  pattern:
    '(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?',
};
const runtime = {
  enum: [
    'nodejs',
    'nodejs4.3',
    'nodejs6.10',
    'nodejs8.10',
    'nodejs10.x',
    'nodejs12.x',
    'nodejs14.x',
    'nodejs16.x',
    'java8',
    'java8.al2',
    'java11',
    'python2.7',
    'python3.6',
    'python3.7',
    'python3.8',
    'python3.9',
    'dotnetcore1.0',
    'dotnetcore2.0',
    'dotnetcore2.1',
    'dotnetcore3.1',
    'dotnet6',
    'dotnet8',
    'nodejs4.3-edge',
    'go1.x',
    'ruby2.5',
    'ruby2.7',
    'provided',
    'provided.al2',
    'nodejs18.x',
    'python3.10',
    'java17',
    'ruby3.2',
    'ruby3.3',
    'ruby3.4',
    'python3.11',
    'nodejs20.x',
    'provided.al2023',
    'python3.12',
    'java21',
    'python3.13',
    'nodejs22.x',
    'nodejs24.x',
    'python3.14',
    'java25',
    'dotnet10',
    'ruby4.0',
  ],
};
const roleArn = { pattern: 'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+' };
const handler = { max: 128, pattern: '[^\\s]+' };
const s3Bucket = { min: 3, max: 63, pattern: '[0-9A-Za-z\\.\\-_]*(?<!\\.)' };
const kmsKeyArn = { pattern: '(arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|()' };
const memorySize = { min: 128, max: 32768 };
const layerVersionArn = {
  min: 1,
  max: 140,
  pattern: 'arn:[a-zA-Z0-9-]+:lambda:[a-zA-Z0-9-]+:\\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+',
};
const architecture = { enum: ['x86_64', 'arm64'] };
const functionVersionLatestPublished = { enum: ['LATEST_PUBLISHED'] };
const taggableResource = {
  min: 1,
  max: 256,
  pattern:
    'arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)',
};
const maximumEventAgeInSeconds = { min: 60, max: 21600 };
const destinationArn = {
  max: 350,
  pattern:
    '$|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)',
};

/** The API of AWS Lambda: https://docs.aws.amazon.com/lambda/latest/api/ */
export const lambdaLimits: Limits = {
  refuse: refuseWith('ValidationException'),
  structures: {
    AddPermissionRequest: {
      FunctionName: namespacedFunctionName,
      StatementId: { min: 1, max: 100, pattern: '([a-zA-Z0-9-_]+)' },
      Action: { pattern: '(lambda:[*]|lambda:[a-zA-Z]+|[*])' },
      Principal: { pattern: '[^\\s]+' },
      SourceArn: {
        pattern: 'arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:([a-z]{2}(-gov)?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)',
      },
      SourceAccount: { max: 12, pattern: '\\d{12}' },
      EventSourceToken: { max: 256, pattern: '[a-zA-Z0-9._\\-]+' },
      Qualifier: numericLatestPublishedOrAliasQualifier,
      PrincipalOrgID: { min: 12, max: 34, pattern: 'o-[a-z0-9]{10,32}' },
      FunctionUrlAuthType: { enum: ['NONE', 'AWS_IAM'] },
    },
    CreateFunctionRequest: {
      FunctionName: functionName,
      Runtime: runtime,
      Role: roleArn,
      Handler: handler,
      Description: { max: 256 },
      Timeout: { min: 1 },
      MemorySize: memorySize,
      PackageType: { enum: ['Zip', 'Image'] },
      KMSKeyArn: kmsKeyArn,
      'Layers[]': layerVersionArn,
      FileSystemConfigs: { max: 1 },
      CodeSigningConfigArn: {
        max: 200,
        pattern:
          'arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\\d{1}:\\d{12}:code-signing-config:csc-[a-z0-9]{17}',
      },
      Architectures: { min: 1, max: 1 },
      'Architectures[]': architecture,
      PublishTo: functionVersionLatestPublished,
    },
    DeadLetterConfig: {
      TargetArn: kmsKeyArn,
    },
    DeleteFunctionEventInvokeConfigRequest: {
      FunctionName: namespacedFunctionName,
      Qualifier: numericLatestPublishedOrAliasQualifier,
    },
    DeleteFunctionRequest: {
      FunctionName: namespacedFunctionName,
      Qualifier: numericLatestPublishedOrAliasQualifier,
    },
    DurableConfig: {
      RetentionPeriodInDays: { min: 1, max: 90 },
      ExecutionTimeout: { min: 1, max: 31622400 },
    },
    Environment: {
      'Variables{key}': { pattern: '[a-zA-Z]([a-zA-Z0-9_])+' },
    },
    EphemeralStorage: {
      Size: { min: 512, max: 10240 },
    },
    FileSystemConfig: {
      Arn: {
        max: 256,
        pattern:
          'arn:aws[a-zA-Z-]*:elasticfilesystem:[a-z]{2}((-gov)|(-iso(b?)))?-[a-z]+-\\d{1}:\\d{12}:access-point/fsap-[a-f0-9]{17}$|^arn:aws[-a-z]*:s3files:[0-9a-z-:]+:file-system/fs-[0-9a-f]{17,40}/access-point/fsap-[0-9a-f]{17,40}',
      },
      LocalMountPath: { max: 160, pattern: '/mnt/[a-zA-Z0-9-_.]+' },
    },
    FunctionCode: {
      S3Bucket: s3Bucket,
      S3Key: { min: 1, max: 1024 },
      S3ObjectVersion: { min: 1, max: 1024 },
      SourceKMSKeyArn: kmsKeyArn,
    },
    GetFunctionConfigurationRequest: {
      FunctionName: namespacedFunctionName,
      Qualifier: numericLatestPublishedOrAliasQualifier,
    },
    GetFunctionEventInvokeConfigRequest: {
      FunctionName: namespacedFunctionName,
      Qualifier: numericLatestPublishedOrAliasQualifier,
    },
    GetFunctionRequest: {
      FunctionName: namespacedFunctionName,
      Qualifier: numericLatestPublishedOrAliasQualifier,
    },
    GetPolicyRequest: {
      FunctionName: namespacedFunctionName,
      Qualifier: numericLatestPublishedOrAliasQualifier,
    },
    ImageConfig: {
      EntryPoint: { max: 1500 },
      Command: { max: 1500 },
      WorkingDirectory: { max: 1000 },
    },
    InvocationRequest: {
      FunctionName: namespacedFunctionName,
      InvocationType: { enum: ['Event', 'RequestResponse', 'DryRun'] },
      LogType: { enum: ['None', 'Tail'] },
      DurableExecutionName: { min: 1, max: 64, pattern: '[a-zA-Z0-9-_]+' },
      Qualifier: numericLatestPublishedOrAliasQualifier,
      TenantId: { min: 1, max: 256, pattern: '[a-zA-Z0-9\\._:\\/=+\\-@ ]+' },
    },
    ListFunctionsRequest: {
      MasterRegion: { pattern: 'ALL|[a-z]{2}(-gov)?-[a-z]+-\\d{1}' },
      FunctionVersion: { enum: ['ALL'] },
      MaxItems: { min: 1, max: 10000 },
    },
    ListTagsRequest: {
      Resource: taggableResource,
    },
    LoggingConfig: {
      LogFormat: { enum: ['JSON', 'Text'] },
      ApplicationLogLevel: { enum: ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] },
      SystemLogLevel: { enum: ['DEBUG', 'INFO', 'WARN'] },
      LogGroup: { min: 1, max: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' },
    },
    OnFailure: {
      Destination: destinationArn,
    },
    OnSuccess: {
      Destination: destinationArn,
    },
    PutFunctionEventInvokeConfigRequest: {
      FunctionName: namespacedFunctionName,
      Qualifier: numericLatestPublishedOrAliasQualifier,
      MaximumRetryAttempts: { max: 2 },
      MaximumEventAgeInSeconds: maximumEventAgeInSeconds,
    },
    RemovePermissionRequest: {
      FunctionName: namespacedFunctionName,
      StatementId: { min: 1, max: 100, pattern: '([a-zA-Z0-9-_.]+)' },
      Qualifier: numericLatestPublishedOrAliasQualifier,
    },
    SnapStart: {
      ApplyOn: { enum: ['PublishedVersions', 'None'] },
    },
    TagResourceRequest: {
      Resource: taggableResource,
    },
    TenancyConfig: {
      TenantIsolationMode: { enum: ['PER_TENANT'] },
    },
    TracingConfig: {
      Mode: { enum: ['Active', 'PassThrough'] },
    },
    UntagResourceRequest: {
      Resource: taggableResource,
    },
    UpdateFunctionCodeRequest: {
      FunctionName: functionName,
      S3Bucket: s3Bucket,
      S3Key: { min: 1, max: 1024 },
      S3ObjectVersion: { min: 1, max: 1024 },
      Architectures: { min: 1, max: 1 },
      'Architectures[]': architecture,
      SourceKMSKeyArn: kmsKeyArn,
      PublishTo: functionVersionLatestPublished,
    },
    UpdateFunctionConfigurationRequest: {
      FunctionName: functionName,
      Role: roleArn,
      Handler: handler,
      Description: { max: 256 },
      Timeout: { min: 1 },
      MemorySize: memorySize,
      Runtime: runtime,
      KMSKeyArn: kmsKeyArn,
      'Layers[]': layerVersionArn,
      FileSystemConfigs: { max: 1 },
    },
    UpdateFunctionEventInvokeConfigRequest: {
      FunctionName: namespacedFunctionName,
      Qualifier: numericLatestPublishedOrAliasQualifier,
      MaximumRetryAttempts: { max: 2 },
      MaximumEventAgeInSeconds: maximumEventAgeInSeconds,
    },
    VpcConfig: {
      SubnetIds: { max: 16 },
      SecurityGroupIds: { max: 5 },
    },
  },
};
