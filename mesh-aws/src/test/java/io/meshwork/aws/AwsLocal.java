package io.meshwork.aws;

import io.meshwork.testkit.AwsEmulator;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** The emulator for all tests of this JVM, and credentials for it. */
final class AwsLocal {
  static final String ACCOUNT = "111111111111";
  private static AwsEmulator emulator;

  private AwsLocal() {}

  /** Returns the emulator; starts it once. Aborts the test if its programs are missing. */
  static synchronized AwsEmulator emulator() {
    if (emulator == null) {
      emulator = AwsEmulator.start();
    }
    return emulator;
  }

  /** Returns the configuration of a mesh that does not exist yet. */
  static AwsConfig newMesh() {
    return newMesh(emulator());
  }

  static AwsConfig newMesh(AwsEmulator aws) {
    String name = "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    return AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(ACCOUNT, name);
  }

  /** Creates a mesh. */
  static void make(AwsConfig config) {
    AwsMesh.make(config, role("admin"));
  }

  /** Returns the long-lived keys of an account. */
  static AwsCredentialsProvider keys(String account) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(emulator().accessKey(account), emulator().secretKey(account)));
  }

  /** Returns the credentials of a role in {@link #ACCOUNT}. */
  static AwsCredentialsProvider role(String name) {
    return role(ACCOUNT, name);
  }

  static AwsCredentialsProvider role(String account, String name) {
    try (StsClient sts =
        StsClient.builder()
            .endpointOverride(emulator().endpoint())
            .region(Region.of(emulator().region()))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(keys(account))
            .build()) {
      Credentials session =
          sts.assumeRole(
                  request ->
                      request
                          .roleArn("arn:aws:iam::" + account + ":role/" + name)
                          .roleSessionName("job"))
              .credentials();
      return StaticCredentialsProvider.create(
          AwsSessionCredentials.create(
              session.accessKeyId(), session.secretAccessKey(), session.sessionToken()));
    }
  }
}
