package io.meshwork.spark;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Publishes rows of Spark from Java, with the receipt. Its methods are thread-safe. */
public final class MeshSpark {
  private MeshSpark() {}

  /**
   * Starts a publish of rows to the current major version of a product. Spark's tasks check and
   * write the rows when it is committed, as in an append to the table.
   *
   * @param rows with the columns of the contract, by name
   * @param catalog the name of a {@link MeshSparkCatalog} in the session of the rows
   * @param product such as {@code commerce/orders}
   * @throws IllegalArgumentException if the catalog is another one
   * @throws io.meshwork.error.NotFoundException if there is no such product
   */
  public static SparkPublish publish(Dataset<Row> rows, String catalog, CharSequence product) {
    return new SparkPublish(rows, catalog, product);
  }
}
