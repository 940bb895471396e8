/**
 * What an operating run reports to a monitoring service, such as Amazon CloudWatch: metrics,
 * alarms, a dashboard, and the quality of publishes as lines.
 *
 * <p>Start at {@code MetricsReport}. A backend implements {@link
 * io.meshwork.internal.metrics.MetricsBackend} and {@link
 * io.meshwork.internal.metrics.MetricsSink}. Invariants: levels are computed by each run, so that
 * they are right while no producer runs; a count is sent before the cursor passes it. Knows no
 * service. Imports {@code discovery}, {@code delivery}, and the internal packages below.
 */
@NullMarked
package io.meshwork.internal.metrics;

import org.jspecify.annotations.NullMarked;
