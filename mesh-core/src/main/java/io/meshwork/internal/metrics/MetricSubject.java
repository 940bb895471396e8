package io.meshwork.internal.metrics;

import io.meshwork.product.MajorVersion;
import java.util.Optional;

/**
 * What a metric is about: a domain, or one product of it. Immutable.
 *
 * @param domain the name of the domain
 * @param product the major version of a product; empty for the whole domain
 */
public record MetricSubject(String domain, Optional<MajorVersion> product) {
  static MetricSubject of(String domain) {
    return new MetricSubject(domain, Optional.empty());
  }

  static MetricSubject of(MajorVersion product) {
    return new MetricSubject(product.product().domain(), Optional.of(product));
  }
}
