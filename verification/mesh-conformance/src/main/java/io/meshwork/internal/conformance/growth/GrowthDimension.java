package io.meshwork.internal.conformance.growth;

/** What there is more of in a mesh that grows. */
enum GrowthDimension {
  PRODUCTS,
  GRANTS,
  TAG_GRANTS,
  SUBSCRIPTIONS,
  PUBLISHES
}
