package io.meshwork.conformance;

/** What there is more of in a mesh that grows. */
enum GrowthDimension {
  PRODUCTS,
  GRANTS,
  SUBSCRIPTIONS,
  PUBLISHES
}
