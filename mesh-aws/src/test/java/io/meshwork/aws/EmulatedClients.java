package io.meshwork.aws;

import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.ram.RamClient;
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
public record EmulatedClients(AwsEmulator aws, AwsCredentials credentials) {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(60); // also on a busy machine

  public static EmulatedClients administrator(AwsEmulator aws, String account) {
    return new EmulatedClients(
        aws, AwsBasicCredentials.create(aws.accessKey(account), aws.secretKey(account)));
  }

  /** Returns the clients of a session of a role. */
  public EmulatedClients assuming(AssumeRoleRequest request) {
    try (StsClient sts = sts()) {
      Credentials session = sts.assumeRole(request).credentials();
      return new EmulatedClients(
          aws,
          AwsSessionCredentials.create(
              session.accessKeyId(), session.secretAccessKey(), session.sessionToken()));
    }
  }

  public EmulatedClients assuming(String roleArn) {
    return assuming(AssumeRoleRequest.builder().roleArn(roleArn).roleSessionName("test").build());
  }

  /** Creates a role with a trust policy in the account of these clients. */
  public void createRole(String name, String trust) {
    iam("CreateRole", Map.of("RoleName", name, "AssumeRolePolicyDocument", trust));
  }

  /** Gives a role an inline policy, which replaces the one before. */
  public void putRolePolicy(String role, String policy) {
    iam("PutRolePolicy", Map.of("RoleName", role, "PolicyName", "test", "PolicyDocument", policy));
  }

  /** Calls an operation of IAM, whose client mesh-aws does not have, and returns the reply. */
  public String iam(String action, Map<String, String> parameters) {
    return form("us-east-1/iam", "2010-05-08", action, parameters);
  }

  /** Calls an operation of SNS, whose client mesh-aws does not have, and returns the reply. */
  public String sns(String action, Map<String, String> parameters) {
    return form(aws.region() + "/sns", "2010-03-31", action, parameters);
  }

  private String form(String scope, String version, String action, Map<String, String> parameters) {
    Map<String, String> form = new TreeMap<>(parameters);
    form.put("Action", action);
    form.put("Version", version);
    String body =
        form.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(
        scope,
        HttpRequest.newBuilder(aws.endpoint())
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /**
   * Calls an operation of Secrets Manager, whose client mesh-aws does not have; returns the reply.
   *
   * @throws IllegalStateException with the reply, if it is an error
   */
  public String secrets(String operation, String body) {
    return json("secretsmanager", "secretsmanager." + operation, body);
  }

  /**
   * Calls an operation of Athena, whose client mesh-aws does not have; returns the reply.
   *
   * @throws IllegalStateException with the reply, if it is an error
   */
  public String athena(String operation, String body) {
    return json("athena", "AmazonAthena." + operation, body);
  }

  /** Calls an operation of CloudTrail, whose client mesh-aws does not have; returns the reply. */
  public String trail(String operation, String body) {
    return json(
        "cloudtrail", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101." + operation, body);
  }

  /** Calls an operation of Organizations, whose client mesh-aws does not have, as the others do. */
  public String organizations(String operation, String body) {
    return json("organizations", "AWSOrganizationsV20161128." + operation, body);
  }

  /** Calls an operation of Glue in a module without its client, as {@link #athena} does. */
  public String glue(String operation, String body) {
    return json("glue", "AWSGlue." + operation, body);
  }

  private String json(String service, String target, String body) {
    return send(
        aws.region() + "/" + service,
        HttpRequest.newBuilder(aws.endpoint())
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", target)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private String send(String scope, HttpRequest.Builder request) {
    String signature =
        "AWS4-HMAC-SHA256 Credential="
            + credentials.accessKeyId()
            + "/20261122/"
            + scope
            + "/aws4_request, SignedHeaders=host, Signature=0";
    try {
      HttpResponse<String> response =
          HTTP.send(
              request.header("Authorization", signature).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Returns a client of a service that has no method here. */
  public <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
    return configured(builder).build();
  }

  public S3Client s3() {
    return configured(S3Client.builder().forcePathStyle(true)).build();
  }

  public StsClient sts() {
    return configured(StsClient.builder()).build();
  }

  public DynamoDbClient dynamoDb() {
    return configured(DynamoDbClient.builder()).build();
  }

  public GlueClient glue() {
    return configured(GlueClient.builder()).build();
  }

  public LakeFormationClient lakeFormation() {
    return configured(LakeFormationClient.builder()).build();
  }

  public RamClient ram() {
    return configured(RamClient.builder()).build();
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
