/**
 * The mesh on AWS: so far its registry, one DynamoDB table.
 *
 * <p>Start at {@code DynamoRegistry}. Invariant: a lost answer is never taken for a refusal, and
 * "nothing was done" is said only when no delivery of the request can land any more. No public
 * signature shows a type of the AWS SDK. Imports {@code error}, {@code registry} and {@code
 * internal.runtime} of mesh-core.
 */
@NullMarked
package io.meshwork.aws;

import org.jspecify.annotations.NullMarked;
