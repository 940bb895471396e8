/**
 * AWS on this machine, for tests: S3, DynamoDB, STS, Glue, Lake Formation, RAM and the organization
 * behind one endpoint that enforces IAM policies.
 *
 * <p>Start at {@link io.meshwork.testkit.aws.AwsEmulator}. Invariant: an operation that is not
 * emulated is refused by name ({@code NotEmulatedException}), never answered as if it had worked.
 * Imports nothing of Meshwork.
 */
@NullMarked
package io.meshwork.testkit.aws;

import org.jspecify.annotations.NullMarked;
