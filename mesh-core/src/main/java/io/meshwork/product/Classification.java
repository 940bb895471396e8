package io.meshwork.product;

/** How sensitive a product or column is, from least to most. */
public enum Classification {
  /** Anybody may know it. */
  PUBLIC,
  /** Everybody in the organization may know it; what a product is unless said otherwise. */
  INTERNAL,
  /** Only those who need it may know it. */
  CONFIDENTIAL,
  /** Only those who are named may know it. */
  RESTRICTED
}
