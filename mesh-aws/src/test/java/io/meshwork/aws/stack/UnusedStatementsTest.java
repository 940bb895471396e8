package io.meshwork.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.Policies;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The emulator says which statements decided nothing. */
class UnusedStatementsTest {
  private static final String ACCOUNT = "671717171717";
  private static final String BUCKET = "unused-statements";

  @Test
  void statementsAreUsedThatAloneDecideARequest() {
    try (AwsEmulator aws = AwsEmulator.start()) {
      EmulatedClients administrator = EmulatedClients.administrator(aws, ACCOUNT);
      administrator.createRole("reader", Policies.trust(ACCOUNT));
      put(administrator, "one", statement("List", "s3:ListBucket", BUCKET));
      put(
          administrator,
          "two",
          statement("Get", "s3:GetObject", BUCKET + "/*")
              + ","
              + statement("Versions", "s3:ListBucketVersions", BUCKET));
      try (S3Client s3 = administrator.s3()) {
        s3.createBucket(
            create ->
                create
                    .bucket(BUCKET)
                    .createBucketConfiguration(place -> place.locationConstraint(aws.region())));
        s3.putBucketPolicy(
            set ->
                set.bucket(BUCKET)
                    .policy(
                        """
                        {"Version":"2012-10-17","Statement":[
                          {"Sid":"TlsOnly","Effect":"Deny","Principal":"*","Action":"s3:*",
                           "Resource":["arn:aws:s3:::%1$s","arn:aws:s3:::%1$s/*"],
                           "Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}
                        """
                            .formatted(BUCKET)));
      }
      aws.reset();
      assertThat(aws.unusedStatements(ACCOUNT)).hasSize(5);

      try (S3Client reader =
          administrator.assuming("arn:aws:iam::" + ACCOUNT + ":role/reader").s3()) {
        reader.listObjectsV2(list -> list.bucket(BUCKET));
        assertThat(aws.unusedStatements(ACCOUNT))
            .containsExactly(
                ACCOUNT + "/reader two Get", ACCOUNT + "/reader two Versions", BUCKET + " TlsOnly");

        assertThatThrownBy(
                () ->
                    reader.listObjectsV2(
                        list ->
                            list.bucket(BUCKET)
                                .overrideConfiguration(
                                    plain -> plain.putHeader("X-Forwarded-Proto", "http"))))
            .isInstanceOf(S3Exception.class)
            .hasMessageContaining("explicit deny");
        assertThat(aws.unusedStatements(ACCOUNT)).doesNotContain(BUCKET + " TlsOnly");

        aws.reset();
        put(administrator, "again", statement("Again", "s3:ListBucket", BUCKET));
        reader.listObjectsV2(list -> list.bucket(BUCKET));
        assertThat(aws.unusedStatements(ACCOUNT))
            .as("each of two equal statements could be missing")
            .contains(ACCOUNT + "/reader one List", ACCOUNT + "/reader again Again");
      }
    }
  }

  @Test
  void onlyASessionAssumesAndDeploys() {
    try (AwsEmulator aws = AwsEmulator.start()) {
      assertThatThrownBy(() -> aws.deploy("stack", "{}"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Call runAs(..) first");
      assertThatThrownBy(() -> aws.assume(ACCOUNT, "role"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static String statement(String id, String action, String resource) {
    return """
           {"Sid":"%s","Effect":"Allow","Action":"%s","Resource":"arn:aws:s3:::%s"}"""
        .formatted(id, action, resource);
  }

  private static void put(EmulatedClients administrator, String name, String statements) {
    administrator.iam(
        "PutRolePolicy",
        Map.of(
            "RoleName",
            "reader",
            "PolicyName",
            name,
            "PolicyDocument",
            "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}"));
  }
}
