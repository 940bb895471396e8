package io.meshwork.aws;

import io.meshwork.testkit.AwsEmulator;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;

/**
 * Clients of an emulator with the credentials of one caller, which make one attempt each.
 *
 * @param aws the emulator
 * @param credentials who calls
 */
record EmulatedClients(AwsEmulator aws, AwsCredentials credentials) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  static EmulatedClients administrator(AwsEmulator aws, String account) {
    return new EmulatedClients(
        aws, AwsBasicCredentials.create(aws.accessKey(account), aws.secretKey(account)));
  }

  /** Returns the clients of a session of a role. */
  EmulatedClients assuming(AssumeRoleRequest request) {
    try (StsClient sts = sts()) {
      Credentials session = sts.assumeRole(request).credentials();
      return new EmulatedClients(
          aws,
          AwsSessionCredentials.create(
              session.accessKeyId(), session.secretAccessKey(), session.sessionToken()));
    }
  }

  EmulatedClients assuming(String roleArn) {
    return assuming(AssumeRoleRequest.builder().roleArn(roleArn).roleSessionName("test").build());
  }

  S3Client s3() {
    return configured(S3Client.builder().forcePathStyle(true)).build();
  }

  StsClient sts() {
    return configured(StsClient.builder()).build();
  }

  DynamoDbClient dynamoDb() {
    return configured(DynamoDbClient.builder()).build();
  }

  private <B extends AwsClientBuilder<B, ?>> B configured(B builder) {
    URI endpoint = aws.endpoint();
    return builder
        .endpointOverride(endpoint)
        .region(Region.of(aws.region()))
        .credentialsProvider(StaticCredentialsProvider.create(credentials))
        .overrideConfiguration(
            settings ->
                settings
                    .apiCallAttemptTimeout(PATIENCE)
                    .retryStrategy(RetryMode.STANDARD)
                    .retryStrategy(retries -> retries.maxAttempts(1)));
  }
}
