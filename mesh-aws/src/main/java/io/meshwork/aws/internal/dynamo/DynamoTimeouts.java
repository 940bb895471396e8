package io.meshwork.aws.internal.dynamo;

import java.time.Duration;

/**
 * How long a request may take. A commit is sent once, within {@code attempt}; the SDK may retry
 * reads and fences within {@code call}.
 *
 * @param attempt the timeout of one attempt (apiCallAttemptTimeout)
 * @param call the timeout of all attempts with their pauses (apiCallTimeout)
 */
public record DynamoTimeouts(Duration attempt, Duration call) {
  /** Far more than DynamoDB needs for the largest transaction. */
  public static final DynamoTimeouts STANDARD =
      new DynamoTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(25));
}
