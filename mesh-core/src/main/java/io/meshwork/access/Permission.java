package io.meshwork.access;

/**
 * What may be done. The names are Lake Formation's, in alphabetical order, which is also the order
 * in which the permissions of a grant are judged.
 */
public enum Permission {
  /** Super: every permission that the resource knows. */
  ALL,
  /** Changes the resource's own description. */
  ALTER,
  /** Puts a tag's value on resources; implies that the tag is seen. */
  ASSOCIATE,
  /** Creates catalogs. */
  CREATE_CATALOG,
  /** Creates databases. */
  CREATE_DATABASE,
  /** Creates tags. */
  CREATE_LF_TAG,
  /** Creates named tag expressions. */
  CREATE_LF_TAG_EXPRESSION,
  /** Creates tables in a database. */
  CREATE_TABLE,
  /** Points databases and tables to a registered location. */
  DATA_LOCATION_ACCESS,
  /** Removes rows. */
  DELETE,
  /** Sees that the resource exists and what it is made of; no data. */
  DESCRIBE,
  /** Removes the resource. */
  DROP,
  /** Grants by expressions over a tag's values. */
  GRANT_WITH_LF_TAG_EXPRESSION,
  /** Adds rows. */
  INSERT,
  /** Reads rows. */
  SELECT
}
