package io.meshwork.aws;

import java.time.Duration;

/**
 * How long a request may take. A commit is sent once, so {@code oneTry} bounds it; reads and fences
 * may be sent again by the SDK until {@code allTries} is over.
 *
 * @param oneTry until the answer to one sending (apiCallAttemptTimeout)
 * @param allTries until the answer to the call, pauses included (apiCallTimeout)
 */
record DynamoTimeouts(Duration oneTry, Duration allTries) {
  /** Far more than DynamoDB needs for the largest transaction, less than a caller's patience. */
  static final DynamoTimeouts STANDARD =
      new DynamoTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(25));
}
