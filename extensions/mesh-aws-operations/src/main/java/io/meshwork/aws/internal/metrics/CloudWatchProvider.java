package io.meshwork.aws.internal.metrics;

import io.meshwork.aws.internal.MetricsProvider;
import io.meshwork.aws.internal.RoleSessions;
import io.meshwork.internal.metrics.MetricsSink;
import io.meshwork.product.Principal;

/** The metrics of this module, which mesh-aws finds by {@code ServiceLoader}. Stateless. */
public final class CloudWatchProvider implements MetricsProvider {
  /** Creates it. {@code ServiceLoader} calls this. */
  public CloudWatchProvider() {}

  @Override
  public MetricsSink sink(MetricsSettings settings, RoleSessions roles, Principal self) {
    return new CloudWatchSink(settings, new AccountCalls(roles, self));
  }
}
