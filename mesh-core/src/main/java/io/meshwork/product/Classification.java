package io.meshwork.product;

/** How sensitive a product or column is, from least to most. */
public enum Classification {
  /** Open to anybody. */
  PUBLIC,
  /** Open to the organization. The default. */
  INTERNAL,
  /** Only for those who need it. */
  CONFIDENTIAL,
  /** Only for named persons. */
  RESTRICTED
}
