package io.meshwork.product;

/** How sensitive a product or column is, from least to most. */
public enum Classification {
  /** For everyone. */
  PUBLIC,
  /** For the whole organization. The default. */
  INTERNAL,
  /** Only for people who need it for their work. */
  CONFIDENTIAL,
  /** Only for named people. */
  RESTRICTED
}
