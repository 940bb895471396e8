/**
 * The mesh on AWS: its registry in a DynamoDB table.
 *
 * <p>Start at {@code DynamoRegistry}. Invariant: a lost response never counts as a rejection, and
 * "nothing was committed" is reported only when no delivery of the request can still succeed.
 * Public signatures have no types of the AWS SDK. Imports {@code error}, {@code registry} and
 * {@code internal.runtime} of mesh-core.
 */
@NullMarked
package io.meshwork.aws;

import org.jspecify.annotations.NullMarked;
