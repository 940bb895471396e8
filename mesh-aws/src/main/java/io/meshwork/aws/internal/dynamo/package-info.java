/**
 * The registry in one DynamoDB table: requests, their outcomes, and the time of DynamoDB.
 *
 * <p>Start at {@link io.meshwork.aws.internal.dynamo.DynamoRegistry}. Invariant: a lost response
 * never counts as a rejection, and "nothing was committed" is reported only when no delivery of the
 * request can still succeed. Imports {@code aws.internal}.
 */
@NullMarked
package io.meshwork.aws.internal.dynamo;

import org.jspecify.annotations.NullMarked;
