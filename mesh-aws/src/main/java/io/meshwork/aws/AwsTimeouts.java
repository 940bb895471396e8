package io.meshwork.aws;

import io.meshwork.aws.internal.dynamo.DynamoTimeouts;
import java.time.Duration;

/**
 * How long the requests of a mesh may take.
 *
 * @param connect until a connection is open
 * @param attempt the timeout of one attempt (apiCallAttemptTimeout), and of each read from its
 *     connection
 * @param call the timeout of all attempts with their pauses (apiCallTimeout)
 * @param registry for items of the registry
 * @param pause the longest pause before the second attempt, ten times as long if the service
 *     throttles; twice as long before the third
 */
record AwsTimeouts(
    Duration connect, Duration attempt, Duration call, DynamoTimeouts registry, Duration pause) {
  /** Far more than S3 and STS need for the largest request, with the pauses of the SDK. */
  static final AwsTimeouts STANDARD =
      new AwsTimeouts(
          Duration.ofSeconds(3),
          Duration.ofSeconds(30),
          Duration.ofSeconds(90),
          DynamoTimeouts.STANDARD,
          Duration.ofMillis(100));
}
