package io.meshwork.aws.internal.s3;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.internal.catalog.DomainEntry.PlaceOwner;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/** Finds the account and the region of a bucket. S3 only confirms an account that is named. */
final class S3BucketOwner {
  private static final Logger LOG = LoggerFactory.getLogger(S3BucketOwner.class);

  /** In the name of a bucket that {@code AwsMesh.makeBucket} creates. */
  private static final Pattern ACCOUNT = Pattern.compile("-([0-9]{12})-");

  private S3BucketOwner() {}

  /**
   * Returns the owner of a bucket; empty if it is none of these accounts, nor the one in its name,
   * or the caller may not list the bucket.
   */
  static Optional<PlaceOwner> find(S3Client client, String bucket, List<String> accounts) {
    Set<String> candidates = new LinkedHashSet<>();
    Matcher named = ACCOUNT.matcher(bucket);
    if (named.find()) {
      candidates.add(named.group(1));
    }
    accounts.stream().filter(ResourceNames::isAccount).forEach(candidates::add);
    for (String account : candidates) {
      try {
        String region =
            client
                .headBucket(head -> head.bucket(bucket).expectedBucketOwner(account))
                .bucketRegion();
        return Optional.of(new PlaceOwner(account, region == null ? "" : region));
      } catch (RuntimeException e) {
        LOG.debug(
            "The bucket '{}' is not confirmed to be in the account {}: {}.",
            bucket,
            account,
            AwsFailure.describe(e));
      }
    }
    return Optional.empty();
  }
}
