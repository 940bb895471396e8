/**
 * Notices of a mesh on AWS, sent by EventBridge to the queues of its consumers. Run it with {@code
 * scripts/example aws-events}.
 *
 * <p>Start at {@link io.meshwork.examples.awsevents.AwsEventsStory}.
 */
@NullMarked
package io.meshwork.examples.awsevents;

import org.jspecify.annotations.NullMarked;
