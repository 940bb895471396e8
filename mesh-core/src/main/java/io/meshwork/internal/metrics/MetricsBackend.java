package io.meshwork.internal.metrics;

import java.util.Optional;

/**
 * A backend that has a monitoring service. Credentials of a mesh implement it in addition to {@code
 * PrincipalCredentials}. Thread-safe.
 */
public interface MetricsBackend {
  /**
   * Returns where operating runs report; empty if the configuration does not ask for it. Sends no
   * request.
   *
   * @throws io.meshwork.error.InvalidRequestException CONFIG_INVALID if it asks for what is not on
   *     the class path
   */
  Optional<MetricsSink> metrics();
}
