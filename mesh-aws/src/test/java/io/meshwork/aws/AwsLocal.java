package io.meshwork.aws;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.testkit.AwsEmulator;
import java.util.UUID;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

/** The emulator for all tests of this JVM, and credentials for it. */
final class AwsLocal {
  static final String ACCOUNT = "111111111111";
  private static final Pattern TLS_ONLY = Pattern.compile("\\{\"Sid\":\"TlsOnly\".*?\\}\\}\\},?");
  private static AwsEmulator emulator;

  private AwsLocal() {}

  /** Returns the emulator; starts it once. Aborts the test if its programs are missing. */
  static synchronized AwsEmulator emulator() {
    assumeTrue(
        AwsLiveAccount.current().isEmpty(), "needs the emulator, and this run is on live AWS");
    if (emulator == null) {
      emulator = AwsEmulator.start();
    }
    return emulator;
  }

  /** Returns the configuration of a mesh that does not exist yet. */
  static AwsConfig newMesh() {
    return AwsLiveAccount.current()
        .map(AwsLiveAccount::newMesh)
        .orElseGet(() -> newMesh(emulator()));
  }

  static AwsConfig newMesh(AwsEmulator aws) {
    String name = "t" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
    return AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(ACCOUNT, name);
  }

  /** Creates a mesh. */
  static void make(AwsConfig config) {
    AwsMesh.make(config, role("admin"));
  }

  /** Removes the denial of requests without TLS from a bucket: the emulator has none. */
  static void withoutTls(AwsConfig config, String account) {
    String bucket = config.bucketIn(account);
    try (AwsClients clients = new AwsClients(config)) {
      S3Client s3 = clients.s3(role(account, "admin"));
      String policy = s3.getBucketPolicy(request -> request.bucket(bucket)).policy();
      String others = TLS_ONLY.matcher(policy).replaceFirst("");
      if (others.contains("Sid")) {
        s3.putBucketPolicy(request -> request.bucket(bucket).policy(others));
      } else {
        s3.deleteBucketPolicy(request -> request.bucket(bucket));
      }
    }
  }

  /** Returns the long-lived keys of an account. */
  static AwsCredentialsProvider keys(String account) {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(emulator().accessKey(account), emulator().secretKey(account)));
  }

  /** Returns the credentials of a role in {@link #ACCOUNT}; in a live account, the caller's. */
  static AwsCredentialsProvider role(String name) {
    return AwsLiveAccount.current()
        .map(AwsLiveAccount::credentials)
        .orElseGet(() -> role(ACCOUNT, name));
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
