/**
 * The mesh on AWS: its registry in a DynamoDB table, its files in S3, its principals as IAM roles.
 *
 * <p>Start at {@link io.meshwork.aws.AwsMesh}; then {@code internal.dynamo.DynamoRegistry}, {@code
 * internal.s3.S3Files}, and {@code AwsRoleCredentials}. Invariant: a principal is only who STS
 * confirms. Public signatures have no types of the AWS SDK. Imports {@code io.meshwork}, {@code
 * error}, {@code product}, {@code registry}, {@code internal.runtime}, and the key of {@code
 * internal.ledger.MeshRoot} of mesh-core; and {@code internal}, below, which mesh-aws-mirrors
 * imports too.
 */
@NullMarked
package io.meshwork.aws;

import org.jspecify.annotations.NullMarked;
