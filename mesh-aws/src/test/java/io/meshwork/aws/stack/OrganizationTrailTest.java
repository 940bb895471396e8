package io.meshwork.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.OrganizationSetup;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** The trail of an organization is made by its template, if its bucket lets CloudTrail write. */
class OrganizationTrailTest {
  private static final String NAMED = "{\"Name\": \"mesh-trail\"}";

  private final String management = newAccount();
  private final String governance = newAccount();
  private final String bucket = "trails-" + management;
  private AwsEmulator aws;
  private EmulatedClients administrator;
  private OrganizationSetup setup;
  private Template template;
  private String organization;

  private static String newAccount() {
    return "5" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  @BeforeEach
  void start() {
    aws = AwsEmulator.start();
    String arn = aws.organization(management, governance);
    organization = arn.substring(arn.lastIndexOf('/') + 1);
    administrator = EmulatedClients.administrator(aws, management);
    AwsConfig config = AwsConfig.inRegion(aws.region()).mesh(governance, "market");
    setup = OrganizationSetup.of(config.lakeFormation(arn), management, "r-abcd").trail(bucket);
    template = setup.template();
    assertThat(OrganizationSetup.of(config, management, "r-abcd").trail(bucket).trailPolicy())
        .as("without the ID of the organization")
        .isEmpty();
    try (S3Client s3 = administrator.s3()) {
      s3.createBucket(
          create ->
              create
                  .bucket(bucket)
                  .createBucketConfiguration(place -> place.locationConstraint(aws.region())));
    }
    aws.runAs(management, "administrator");
  }

  @AfterEach
  void close() {
    if (aws != null) {
      aws.close();
    }
  }

  /**
   * Lets CloudTrail write with the policy that is printed.
   *
   * @param owner the folder of logs: the organization, or one account
   */
  private void permit(String owner) {
    String policy =
        setup.trailPolicy().orElseThrow().replace("/" + organization + "/", "/" + owner + "/");
    try (S3Client s3 = administrator.s3()) {
      s3.putBucketPolicy(set -> set.bucket(bucket).policy(policy));
    }
  }

  @Test
  void theTrailOfAllAccountsIsMadeAndLogs() {
    permit(organization);

    aws.deploy(template.stack(), template.body());

    assertThat(administrator.trail("GetTrail", NAMED))
        .contains(
            "\"S3BucketName\": \"" + bucket,
            "\"IsOrganizationTrail\": true",
            "\"IsMultiRegionTrail\": true",
            "\"IncludeGlobalServiceEvents\": true",
            "\"LogFileValidationEnabled\": true");
    assertThat(administrator.trail("GetTrailStatus", NAMED)).contains("\"IsLogging\": true");
  }

  @Test
  void aBucketThatDoesNotLetCloudTrailWriteForTheOrganizationFailsTheStack() {
    assertThatThrownBy(() -> aws.deploy(template.stack(), template.body()))
        .hasMessageContaining("NoSuchBucketPolicy");
    permit(management);

    assertThatThrownBy(() -> aws.deploy(template.stack() + "-again", template.body()))
        .hasMessageContaining("InsufficientS3BucketPolicyException");
    assertThatThrownBy(() -> administrator.trail("GetTrail", NAMED))
        .hasMessageContaining("TrailNotFound");
  }
}
