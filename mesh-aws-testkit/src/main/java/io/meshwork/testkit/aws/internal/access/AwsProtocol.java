package io.meshwork.testkit.aws.internal.access;

/** How a service encodes its errors. */
public enum AwsProtocol {
  /** XML of S3. */
  S3,
  /** XML of the services that take parameters as a form, such as STS and IAM. */
  QUERY,
  /** JSON. */
  JSON;

  public static AwsProtocol of(String service) {
    return switch (service) {
      case "s3" -> S3;
      case "sts", "iam", "ec2", "cloudformation", "autoscaling", "monitoring", "sns" -> QUERY;
      default -> JSON;
    };
  }
}
