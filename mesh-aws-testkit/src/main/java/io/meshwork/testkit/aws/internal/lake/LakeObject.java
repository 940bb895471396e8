package io.meshwork.testkit.aws.internal.lake;

/**
 * A database, a table, or a column of a catalog. Names are in lower case.
 *
 * @param database the database
 * @param table the table; empty for a database
 * @param column the column; empty for a database or a table
 */
public record LakeObject(String database, String table, String column) {
  public static LakeObject database(String name) {
    return new LakeObject(name, "", "");
  }

  public static LakeObject table(String database, String name) {
    return new LakeObject(database, name, "");
  }

  public LakeObject withColumn(String name) {
    return new LakeObject(database, table, name);
  }

  public boolean isDatabase() {
    return table.isEmpty();
  }

  @Override
  public String toString() {
    return isDatabase()
        ? database
        : database + "." + table + (column.isEmpty() ? "" : "." + column);
  }
}
