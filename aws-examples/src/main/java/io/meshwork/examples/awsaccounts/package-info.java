/**
 * A mesh over five AWS accounts that only templates made. Run it with {@code scripts/example
 * aws-accounts}.
 *
 * <p>Start at {@link io.meshwork.examples.awsaccounts.AwsAccountsStory}.
 */
@NullMarked
package io.meshwork.examples.awsaccounts;

import org.jspecify.annotations.NullMarked;
