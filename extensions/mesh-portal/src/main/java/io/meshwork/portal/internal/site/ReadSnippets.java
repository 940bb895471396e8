package io.meshwork.portal.internal.site;

import io.meshwork.portal.internal.page.ProductPage.Snippet;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.stream.Collectors;

/** Code that reads a product: in Java, in a terminal, in SQL, and in Python. */
final class ReadSnippets {
  private final ProductName product;
  private final int major;
  private final List<String> columns;

  /**
   * @param columns the columns that can be read, in the order in which they matter
   */
  ReadSnippets(ProductName product, int major, List<String> columns) {
    this.product = product;
    this.major = major;
    this.columns = columns.stream().limit(3).toList();
  }

  List<Snippet> all() {
    String quoted =
        columns.isEmpty() ? "" : "    .columns(\"" + String.join("\", \"", columns) + "\")\n";
    String java =
        "try (Rows<GenericRecord> rows = client\n"
            + "    .read(\""
            + product
            + "\")\n"
            + quoted
            + "    .rows()) {\n"
            + "  rows.forEach(System.out::println);\n"
            + "}";
    String command =
        "mesh export "
            + product
            + " "
            + product.product()
            + ".csv"
            + (columns.isEmpty() ? "" : " \\\n  --columns " + String.join(",", columns))
            + "\nmesh subscribe "
            + product
            + " \\\n  --name NAME --for \"PURPOSE\"";
    String spark =
        "SELECT "
            + selected("`")
            + "\nFROM mesh."
            + tablePart(product.domain())
            + "."
            + tablePart(product.product())
            + "_v"
            + major;
    String file = product.product() + ".parquet";
    return List.of(
        new Snippet("Java", java),
        new Snippet("Terminal", command),
        new Snippet("SQL, in Spark", spark),
        new Snippet(
            "SQL, in DuckDB",
            "-- mesh export "
                + product
                + " "
                + file
                + "\nSELECT "
                + selected("\"")
                + "\nFROM '"
                + file
                + "'"),
        new Snippet(
            "Python",
            "# mesh export "
                + product
                + " "
                + file
                + "\nimport pandas\n"
                + "rows = pandas.read_parquet"
                + "(\""
                + file
                + "\")"));
  }

  /** Tables have underscores in place of the hyphens of a name. */
  private static String tablePart(String name) {
    return name.replace('-', '_');
  }

  private static String quoted(String column, String mark) {
    return column.matches("[A-Za-z_][A-Za-z0-9_]*")
        ? column
        : mark + column.replace(mark, mark + mark) + mark;
  }

  private String selected(String mark) {
    return columns.isEmpty()
        ? "*"
        : columns.stream().map(column -> quoted(column, mark)).collect(Collectors.joining(", "));
  }
}
