package io.meshwork.aws.internal.mirror.glue;

/**
 * The key of a mirrored object: a database, or a table of one. Immutable.
 *
 * @param database the name of the database
 * @param table the name of the table; empty for the database itself
 */
public record GlueKey(String database, String table) {
  public static GlueKey of(String key) {
    int slash = key.indexOf('/');
    return slash < 0
        ? new GlueKey(key, "")
        : new GlueKey(key.substring(0, slash), key.substring(slash + 1));
  }

  public boolean isDatabase() {
    return table.isEmpty();
  }

  /** Returns the part of its ARN after the account. */
  public String resource() {
    return isDatabase() ? "database/" + database : "table/" + database + "/" + table;
  }

  @Override
  public String toString() {
    return isDatabase() ? database : database + "/" + table;
  }
}
