package io.meshwork.testkit.aws;

/** How a service encodes its errors. */
enum AwsProtocol {
  /** XML of S3. */
  S3,
  /** XML of the services that take parameters as a form, such as STS and IAM. */
  QUERY,
  /** JSON. */
  JSON;

  static AwsProtocol of(String service) {
    return switch (service) {
      case "s3" -> S3;
      case "sts", "iam", "ec2", "cloudformation", "autoscaling" -> QUERY;
      default -> JSON;
    };
  }
}
