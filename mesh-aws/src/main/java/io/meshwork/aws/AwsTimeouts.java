package io.meshwork.aws;

import java.time.Duration;

/**
 * How long the requests of a mesh may take.
 *
 * @param connect until a connection is open
 * @param attempt the timeout of one attempt (apiCallAttemptTimeout), and of each read from its
 *     connection
 * @param call the timeout of all attempts with their pauses (apiCallTimeout)
 * @param registry for items of the registry
 */
record AwsTimeouts(Duration connect, Duration attempt, Duration call, DynamoTimeouts registry) {
  /** Far more than S3 and STS need for the largest request. */
  static final AwsTimeouts STANDARD =
      new AwsTimeouts(
          Duration.ofSeconds(3),
          Duration.ofSeconds(30),
          Duration.ofSeconds(90),
          DynamoTimeouts.STANDARD);
}
