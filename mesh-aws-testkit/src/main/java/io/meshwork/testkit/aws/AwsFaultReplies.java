package io.meshwork.testkit.aws;

import io.meshwork.testkit.aws.internal.access.AwsProtocol;
import io.meshwork.testkit.aws.internal.access.AwsReply;

/** The errors that services return on their own account, by protocol. */
final class AwsFaultReplies {
  private AwsFaultReplies() {}

  static AwsReply of(AwsFaults.Kind fault, String service) {
    return switch (fault) {
      case THROTTLE -> throttled(service);
      case FAIL_500 -> failed(service);
      case CONFLICT ->
          AwsReply.error(
              service,
              400,
              "ConcurrentModificationException",
              "Two processes are trying to modify a resource simultaneously.");
      case EXPIRE_TOKEN -> expired(service);
      default -> throw new IllegalArgumentException("A fault without a reply: " + fault);
    };
  }

  private static AwsReply throttled(String service) {
    return switch (AwsProtocol.of(service)) {
      case S3 -> AwsReply.error(service, 503, "SlowDown", "Reduce your request rate.");
      case QUERY -> AwsReply.error(service, 400, "Throttling", "Rate exceeded");
      case JSON -> AwsReply.error(service, 400, "ThrottlingException", "Rate exceeded");
    };
  }

  private static AwsReply failed(String service) {
    String message = "We encountered an internal error. Try again.";
    return switch (AwsProtocol.of(service)) {
      case S3 -> AwsReply.error(service, 500, "InternalError", message);
      case QUERY -> AwsReply.error(service, 500, "InternalFailure", message);
      case JSON ->
          AwsReply.error(
              service,
              500,
              service.equals("dynamodb") ? "InternalServerError" : "InternalServiceException",
              message);
    };
  }

  private static AwsReply expired(String service) {
    String message = "The security token included in the request is expired";
    return switch (AwsProtocol.of(service)) {
      case S3 -> AwsReply.error(service, 400, "ExpiredToken", "The provided token has expired.");
      case QUERY -> AwsReply.error(service, 403, "ExpiredToken", message);
      case JSON -> AwsReply.error(service, 400, "ExpiredTokenException", message);
    };
  }
}
