package io.meshwork.access;

/**
 * A permission of AWS Lake Formation, in alphabetical order. A mesh grants DESCRIBE and SELECT on
 * products; the evaluator knows all permissions.
 */
public enum Permission {
  /** Every permission that applies to the resource ("Super" in the console). */
  ALL,
  /** Change the resource's definition. */
  ALTER,
  /** Assign a tag's values to resources. Implies DESCRIBE on the tag. */
  ASSOCIATE,
  /** Create catalogs. */
  CREATE_CATALOG,
  /** Create databases. */
  CREATE_DATABASE,
  /** Create tags. */
  CREATE_LF_TAG,
  /** Create named tag expressions. */
  CREATE_LF_TAG_EXPRESSION,
  /** Create tables in a database. */
  CREATE_TABLE,
  /** Create databases and tables that point to a registered location. */
  DATA_LOCATION_ACCESS,
  /** Delete rows. */
  DELETE,
  /** See that the resource exists, and its metadata; no data. */
  DESCRIBE,
  /** Drop the resource. */
  DROP,
  /** Grant permissions by expressions with a tag's values. */
  GRANT_WITH_LF_TAG_EXPRESSION,
  /** Insert rows. */
  INSERT,
  /** Read rows. */
  SELECT
}
