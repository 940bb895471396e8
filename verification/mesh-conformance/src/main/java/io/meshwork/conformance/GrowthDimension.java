package io.meshwork.conformance;

/** What there is more of in a mesh that grows. */
enum GrowthDimension {
  PRODUCTS,
  GRANTS,
  TAG_GRANTS,
  SUBSCRIPTIONS,
  PUBLISHES
}
