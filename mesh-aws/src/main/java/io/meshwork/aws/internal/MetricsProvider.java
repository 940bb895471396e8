package io.meshwork.aws.internal;

import io.meshwork.internal.metrics.MetricsSink;
import io.meshwork.product.Principal;

/**
 * Metrics in CloudWatch, which the module mesh-aws-operations provides. Found by {@code
 * ServiceLoader}.
 */
public interface MetricsProvider {
  /**
   * What a configuration says of metrics. Immutable.
   *
   * @param mesh the name of the mesh
   * @param account the account of the mesh
   * @param names the names of resources
   * @param products true if products have metrics of their own
   */
  record MetricsSettings(String mesh, String account, ResourceNames names, boolean products) {
    /** Returns the namespace of the metrics, such as {@code Meshwork/sales}. */
    public String namespace() {
      return "Meshwork/" + mesh;
    }
  }

  /**
   * Returns where operating runs of a process report. Sends no request.
   *
   * @param self the role of the process, in whose account metrics and alarms are
   */
  MetricsSink sink(MetricsSettings settings, RoleSessions roles, Principal self);
}
