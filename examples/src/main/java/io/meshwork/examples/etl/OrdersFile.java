package io.meshwork.examples.etl;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the orders of a day as the shop exports them: CSV with a header, without quotes. */
final class OrdersFile {
  private static final String HEADING = "order_id,placed_at,country,status,amount,coupon";
  private static final int COLUMNS = 6;

  private OrdersFile() {}

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if the file has another format; the message names the line
   */
  static List<Order> read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.get(0).equals(HEADING)) {
      throw new IllegalArgumentException(
          "Cannot read " + file.getFileName() + ": line 1 is not the heading " + HEADING);
    }
    List<Order> orders = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      try {
        orders.add(order(lines.get(i).split(",", -1)));
      } catch (DateTimeException | IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "Cannot read " + file.getFileName() + ": line " + (i + 1) + " is not an order", e);
      }
    }
    return orders;
  }

  private static Order order(String[] values) {
    if (values.length != COLUMNS) {
      throw new IllegalArgumentException(
          values.length + " columns where there should be " + COLUMNS);
    }
    return new Order(
        values[0],
        LocalDateTime.parse(values[1]),
        values[2],
        values[3],
        new BigDecimal(values[4]).setScale(2),
        values[5].isEmpty() ? Optional.empty() : Optional.of(values[5]));
  }
}
