package io.meshwork.internal.conformance.growth;

/** What there is more of in a mesh that grows. */
public enum GrowthDimension {
  PRODUCTS,
  GRANTS,
  TAG_GRANTS,
  SUBSCRIPTIONS,
  PUBLISHES
}
