/**
 * Reports of operating runs in Amazon CloudWatch.
 *
 * <p>Start at {@code CloudWatchSink}. Invariant: only alarms and the dashboard of this mesh are
 * changed, and settings that others added to an alarm stay. Imports {@code
 * io.meshwork.internal.metrics} and {@code io.meshwork.aws.internal}.
 */
@NullMarked
package io.meshwork.aws.internal.metrics;

import org.jspecify.annotations.NullMarked;
