/**
 * Metrics, alarms, a dashboard, and quality results of a mesh on AWS. Run it with {@code
 * scripts/example aws-operations}.
 *
 * <p>Start at {@link io.meshwork.examples.awsoperations.AwsOperationsStory}.
 */
@NullMarked
package io.meshwork.examples.awsoperations;

import org.jspecify.annotations.NullMarked;
