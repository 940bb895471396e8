package io.meshwork.aws.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.EmulatedClients;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A bucket has one region and one owner, and its name exists once. */
class S3RegionTest {
  private final String bucket = "b-" + UUID.randomUUID();

  @Test
  void aBucketOfAnotherRegionRedirectsToIt() {
    try (S3Client frankfurt = client(Region.EU_CENTRAL_1);
        S3Client ireland = client(Region.EU_WEST_1)) {
      frankfurt.createBucket(r -> r.bucket(bucket));

      assertThatThrownBy(() -> ireland.listObjectsV2(r -> r.bucket(bucket)))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> {
                assertThat(e.statusCode()).isEqualTo(301);
                assertThat(e.awsErrorDetails().errorCode()).isEqualTo("PermanentRedirect");
                assertThat(
                        e.awsErrorDetails()
                            .sdkHttpResponse()
                            .firstMatchingHeader("x-amz-bucket-region"))
                    .hasValue("eu-central-1");
              });
      assertFails(() -> ireland.headBucket(r -> r.bucket(bucket)), 301);
      assertFails(() -> ireland.headObject(r -> r.bucket(bucket).key("k")), 301);
      assertThat(ireland.getBucketLocation(r -> r.bucket(bucket)).locationConstraintAsString())
          .isEqualTo("eu-central-1");
    }
  }

  @Test
  void aClientThatCrossesRegionsFollowsTheRedirect() {
    try (S3Client frankfurt = client(Region.EU_CENTRAL_1);
        S3Client crossing = builder(Region.EU_WEST_1).crossRegionAccessEnabled(true).build()) {
      frankfurt.createBucket(r -> r.bucket(bucket));

      assertThat(crossing.listObjectsV2(r -> r.bucket(bucket)).contents()).isEmpty();
    }
  }

  @Test
  void aBucketIsCreatedInTheRegionOfTheEndpoint() {
    try (S3Client ireland = client(Region.EU_WEST_1)) {
      assertThatThrownBy(
              () ->
                  ireland.createBucket(
                      r ->
                          r.bucket(bucket)
                              .createBucketConfiguration(c -> c.locationConstraint("eu-south-1"))))
          .hasMessageContaining("eu-south-1 location constraint is incompatible");

      ireland.createBucket(r -> r.bucket(bucket));

      ireland.headBucket(r -> r.bucket(bucket));
    }
  }

  @Test
  void theNameOfABucketExistsOnceInAllAccounts() {
    try (S3Client s3 = client(Region.EU_CENTRAL_1);
        S3Client other = EmulatedClients.administrator(AwsLocal.emulator(), "222222222222").s3()) {
      s3.createBucket(r -> r.bucket(bucket));

      assertThatThrownBy(() -> s3.createBucket(r -> r.bucket(bucket)))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e ->
                  assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BucketAlreadyOwnedByYou"));
      assertThatThrownBy(() -> other.createBucket(r -> r.bucket(bucket)))
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BucketAlreadyExists"));
      assertThat(other.listBuckets().buckets()).noneMatch(each -> each.name().equals(bucket));
      assertFails(() -> other.headBucket(r -> r.bucket(bucket)), 403);
    }
  }

  private static void assertFails(ThrowingCallable call, int status) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(status));
  }

  private static S3Client client(Region region) {
    return builder(region).build();
  }

  private static S3ClientBuilder builder(Region region) {
    return S3Client.builder()
        .endpointOverride(AwsLocal.emulator().endpoint())
        .region(region)
        .forcePathStyle(true)
        .httpClientBuilder(UrlConnectionHttpClient.builder())
        .credentialsProvider(AwsLocal.keys(AwsLocal.ACCOUNT));
  }
}
