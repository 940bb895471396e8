package io.meshwork.testkit.aws.internal.s3;

import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.S3Operation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The regions of buckets: a bucket is created in the region that its request is signed for, and
 * answers requests for that region. The endpoint is the same in each region.
 */
final class S3Regions {
  private static final String DEFAULT_REGION = "us-east-1";
  private static final Pattern CONSTRAINT =
      Pattern.compile("<LocationConstraint>\\s*([^<\\s]*)\\s*</LocationConstraint>");

  private S3Regions() {}

  /** Returns the region in which a request creates a bucket. */
  static String ofNewBucket(AwsRequest request) throws IOException {
    Matcher constraint = CONSTRAINT.matcher(S3Checksums.content(request));
    return constraint.find() && !constraint.group(1).isEmpty()
        ? constraint.group(1)
        : DEFAULT_REGION;
  }

  /** Returns the reply to a request to create a bucket elsewhere; null if it is created here. */
  static @Nullable AwsReply illegalConstraint(AwsRequest request) throws IOException {
    String region = request.scope().region();
    String constraint = ofNewBucket(request);
    if (region.equals(constraint) || region.equals(DEFAULT_REGION)) {
      return null;
    }
    return AwsReply.error(
        "s3",
        400,
        "IllegalLocationConstraintException",
        "The "
            + (constraint.equals(DEFAULT_REGION) ? "unspecified" : constraint)
            + " location constraint is incompatible for the region specific endpoint this request"
            + " was sent to.");
  }

  /** Returns the reply to a request that is signed for another region; null if it is not. */
  static @Nullable AwsReply redirect(
      AwsRequest request, S3Operation operation, @Nullable String region) {
    if (region == null
        || region.equals(request.scope().region())
        || operation.name().equals("GetBucketLocation")) {
      return null;
    }
    AwsReply reply =
        AwsReply.error(
            "s3",
            301,
            "PermanentRedirect",
            "The bucket '"
                + operation.bucket()
                + "' must be addressed by the endpoint of its region, "
                + region
                + ".");
    Map<String, List<String>> headers = new TreeMap<>(reply.headers());
    headers.put("x-amz-bucket-region", List.of(region));
    return new AwsReply(reply.status(), headers, reply.length(), reply.body());
  }
}
