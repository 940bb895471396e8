/** CloudWatch: metrics, alarms by a clock of the test, and dashboards. */
@NullMarked
package io.meshwork.testkit.aws.internal.metric;

import org.jspecify.annotations.NullMarked;
